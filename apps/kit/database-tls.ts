import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { oneOf, text } from './environment.ts';

/** How a connection to Postgres is protected. */
export interface DatabaseTls {
  /** libpq's words: disable for a private network, verify-ca for the server's certificate, verify-full for its name too. */
  readonly sslmode: 'disable' | 'verify-ca' | 'verify-full';
  /** PEM file of who vouches for the server; none: whom Node.js trusts. Read anew for every connection. */
  readonly caFile?: string | undefined;
}

/** What pg takes as `ssl`. */
export function databaseTls(host: string, { sslmode, caFile }: DatabaseTls): ConnectionOptions | false {
  if (sslmode === 'disable') return false;
  return {
    // pg names the host only when it is no address, and then nothing would be compared with the certificate.
    host,
    ...(caFile && { ca: readFileSync(caFile, 'utf8') }),
    ...(sslmode === 'verify-ca' && { checkServerIdentity: () => undefined }),
  };
}

/** The variables that say so. */
export const tlsVariables = {
  DATABASE_SSLMODE: oneOf(['disable', 'verify-ca', 'verify-full'], 'disable'),
  DATABASE_CA_FILE: text(''),
};

/** What they say. */
export function tlsOf(env: {
  DATABASE_SSLMODE: DatabaseTls['sslmode'];
  DATABASE_CA_FILE: string;
}): DatabaseTls {
  return { sslmode: env.DATABASE_SSLMODE, caFile: env.DATABASE_CA_FILE };
}
