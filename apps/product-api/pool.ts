import { readFileSync } from 'node:fs';
import pg from 'pg';

/** Where the database is, and how long one request may wait for it. */
export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Read anew for every connection, so that a changed password is picked up. */
  readonly passwordFile: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** For everything that one request wants of the database, milliseconds. */
  readonly timeoutMs: number;
}

/** A pool of connections whose loss never ends the process. */
export function createPool(options: DatabaseOptions): pg.Pool {
  const { host, port, database, user, passwordFile, poolSize, timeoutMs } = options;
  const pool = new pg.Pool({
    host,
    port,
    database,
    user,
    password: () => readFileSync(passwordFile, 'utf8').trim(),
    max: poolSize,
    connectionTimeoutMillis: timeoutMs,
    // Postgres gives up as well, so that it does not work for a client that has long had its 503.
    statement_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'product-api',
    options: '-c TimeZone=UTC',
    types: { getTypeParser },
  });
  // A broken connection is replaced by the pool; an 'error' event without a listener would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function getTypeParser(oid: number, format?: 'text' | 'binary'): unknown {
  return oid === pg.types.builtins.TIMESTAMPTZ ? isoTime : pg.types.getTypeParser(oid, format as 'text');
}

/** "2026-01-02 03:04:05.6+00" as "2026-01-02T03:04:05.600Z"; by way of a Date it would take 70 µs more a page. */
export function isoTime(text: string): string {
  const milliseconds = text.slice(20, -3).padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${milliseconds}Z`;
}
