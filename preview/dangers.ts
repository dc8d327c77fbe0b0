import type { Danger } from './change.ts';

/** Words for what can go wrong, the same for a plan and for the difference of two commits. */
export const dangers = {
  volumeDeleted: { rank: 1, text: 'leaves the stack; its data stays on the host until npm run destroy-data' },
  volumeReplaced: { rank: 1, text: 'the new volume is empty, the old one stays on the host' },
  majorVersion: { rank: 1, text: 'another major version cannot read the data: dump and restore first' },
  passwordReplaced: { rank: 2, text: 'the database refuses services until they have the new password' },
  databaseStops: { rank: 2, text: 'stops before the new one starts: requests get 503 for some seconds' },
  databaseDeleted: { rank: 2, text: 'the product is without its database' },
  databaseReached: { rank: 2, text: 'one more can reach the database' },
  portOpened: { rank: 3, text: 'reachable from outside this host' },
  wayOut: { rank: 3, text: 'from there everything outside can be reached' },
  portMoved: { rank: 3, text: 'clients of the old address lose it' },
  portOwnerStops: { rank: 3, text: 'the only owner of its host port: about two seconds without an answer' },
  serviceDeleted: { rank: 4, text: 'nobody answers under this name any more' },
  singleStops: { rank: 4, text: 'stops before the new one starts' },
} as const satisfies Record<string, Danger>;

/** Whether only this host can reach the address. */
function isLoopback(address: string): boolean {
  return address.startsWith('127.');
}

/** A reference's Postgres major version, if it says one: `postgres:18-trixie` → 18. */
export function postgresMajor(reference: string): number | undefined {
  const major = /(?:^|\/)postgres:(\d+)/.exec(reference)?.[1];
  return major === undefined ? undefined : Number(major);
}

/** What is dangerous about ports, `address:port` each, that were published and will be. */
export function portDanger(before: readonly string[], after: readonly string[]): Danger | undefined {
  const opened = after.some((address) => !isLoopback(address) && !before.includes(address));
  if (opened) return dangers.portOpened;
  return before.some((address) => !after.includes(address)) ? dangers.portMoved : undefined;
}

/** What stands still while the one container of a service is replaced by the next. */
export function stopDanger(holdsData: boolean, publishes: boolean): Danger {
  if (holdsData) return dangers.databaseStops;
  return publishes ? dangers.portOwnerStops : dangers.singleStops;
}
