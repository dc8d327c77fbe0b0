import { lookup } from 'node:dns/promises';
import { isIPv4 } from 'node:net';
import { Agent, request } from 'undici';
import type { LoadOptions } from './options.ts';

/** Whether an address is one of this machine's own: 127.0.0.0/8. */
export function isLoopback(address: string): boolean {
  return isIPv4(address) && address.startsWith('127.');
}

const anyCertificate = new Agent({ connect: { rejectUnauthorized: false } });

/**
 * Makes sure that the load hits what it may hit, and that something is there.
 * @throws Error that says how to mend it.
 */
export async function checkTarget({ url, anyHost }: Pick<LoadOptions, 'url' | 'anyHost'>): Promise<void> {
  const { hostname } = new URL(url);
  const addresses = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true, family: 4 }).catch(() => []);
  if (!anyHost && !(addresses.length > 0 && addresses.every(({ address }) => isLoopback(address))))
    throw new Error(
      `${url} is not in 127.0.0.0/8. A load on somebody else's machine is an attack; if it is yours, add --any-host.`,
    );
  await request(url, { headersTimeout: 5000, dispatcher: anyCertificate }).then(
    ({ body }) => body.dump(),
    (error: { code?: string; message: string }) => {
      throw new Error(`nothing answers at ${url} (${error.code ?? error.message}). Is it up? Run: npm start`);
    },
  );
}
