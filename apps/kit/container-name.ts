import { resolvePtr } from 'node:dns/promises';
import { hostname, networkInterfaces } from 'node:os';

/** What a person calls this container: its name, by which Docker's DNS knows its address; else its host name, the start of its id. */
export async function containerName(
  ask: (address: string) => Promise<string[]> = pointersOf,
  addresses = ownAddresses(),
): Promise<string> {
  for (const address of addresses) {
    const [name] = await ask(address).catch(() => []);
    // Docker puts the network's name behind it.
    if (name?.includes('.')) return name.slice(0, name.lastIndexOf('.'));
  }
  return hostname();
}

// Not dns.reverse, which looks into /etc/hosts first, where the host name is.
function pointersOf(address: string): Promise<string[]> {
  return resolvePtr(`${address.split('.').reverse().join('.')}.in-addr.arpa`);
}

function ownAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((some) => some ?? []);
  return all.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address);
}
