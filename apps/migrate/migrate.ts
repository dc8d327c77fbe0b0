import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { databaseTls, type DatabaseTls } from '../kit/database-tls.ts';
import { loadCatalogue } from './catalogue.ts';
import { applyMigrations } from './runner.ts';

/** What a database is brought up to date with. */
export interface MigrateOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  /** The role that owns the database. */
  readonly user: string;
  readonly passwordFile: string;
  /** Default: not protected, as on a private network. */
  readonly tls?: DatabaseTls;
  /** The role that may read and write rows, and nothing else. */
  readonly appRole: string;
  /** Products of the dummy catalogue; 0 for none. */
  readonly catalogueSize: number;
  /** How long the database may take to accept a connection, milliseconds. Default: 30 s, or 5 s by TLS. */
  readonly patienceMs?: number;
}

// Any number; it only has to be the same in every release.
const lock = 7_077_001;

/** Applies new migrations, grants rows to the application and loads the dummy catalogue. Returns what it did, a line each. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  // Our own Postgres may have just started; one that is elsewhere has not, and what it refuses it will refuse again.
  const isOurs = (options.tls?.sslmode ?? 'disable') === 'disable';
  const patienceMs = options.patienceMs ?? (isOurs ? 30_000 : 5000);
  const client = await connect(options, Date.now() + patienceMs);
  try {
    // Another migration may be at work; the lock ends with the connection.
    await client.query(`SET lock_timeout = '60s'; SELECT pg_advisory_lock(${lock})`);
    // A change of a table waits for its readers and stops the next ones meanwhile: rather fail than stop them for long.
    await client.query(`SET lock_timeout = '3s'`);
    const names = await applyMigrations(client, new URL('migrations/', import.meta.url));
    await grantRows(client, options.appRole);
    const added = await loadCatalogue(client, options.catalogueSize);
    return [
      ...names.map((name) => `applied ${name}`),
      ...(added > 0 ? [`dummy catalogue: ${added} products`] : []),
    ];
  } finally {
    await client.end();
  }
}

/** Tries until it is let in: a database that has just started may not know its roles yet. */
async function connect(options: MigrateOptions, until: number): Promise<pg.Client> {
  const { host, port, database, user, passwordFile, tls = { sslmode: 'disable' } } = options;
  for (;;) {
    const password = readFileSync(passwordFile, 'utf8').trim();
    const client = new pg.Client({
      host,
      port,
      database,
      user,
      password,
      ssl: databaseTls(host, tls),
      connectionTimeoutMillis: 3000,
      application_name: 'migrate',
    });
    // A connection that breaks fails the statement at work; the event would end the process first.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (cause) {
      if (Date.now() > until) throw new Error(`no connection to ${host}:${port} as ${user}`, { cause });
      await sleep(500);
    }
  }
}

/** After every run, as new tables come with new releases. */
async function grantRows(client: pg.Client, role: string): Promise<void> {
  const tables = 'product, idempotency_key';
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables} TO ${pg.escapeIdentifier(role)}`);
}
