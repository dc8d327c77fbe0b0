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
}

/** How long a database is waited for, milliseconds: until it answers at all, and from then on until it lets somebody in. */
interface Patience {
  readonly answerMs: number;
  readonly entryMs: number;
}

/** Started together with this, on a fresh volume, it first has to be made, and then does not know its roles at once. */
const ofOurs: Patience = { answerMs: 280_000, entryMs: 30_000 };

/** It is there already, and what it refuses it will refuse again. */
const ofOthers: Patience = { answerMs: 5000, entryMs: 5000 };

// Any number; it only has to be the same in every release.
const lock = 7_077_001;

/** Applies new migrations, grants rows to the application and loads the dummy catalogue. Returns what it did, a line each. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const isOurs = (options.tls?.sslmode ?? 'disable') === 'disable';
  const client = await connect(options, isOurs ? ofOurs : ofOthers);
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

/** Tries until it is let in. @throws Error when that takes too long, with what the last try ended with. */
async function connect(options: MigrateOptions, { answerMs, entryMs }: Patience): Promise<pg.Client> {
  const { host, port, database, user, passwordFile, tls = { sslmode: 'disable' } } = options;
  let until = Date.now() + answerMs;
  let answered = false;
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
      if (!answered && isRefusal(cause)) {
        answered = true;
        until = Date.now() + entryMs;
      }
      if (Date.now() > until) throw new Error(`no connection to ${host}:${port} as ${user}`, { cause });
      await sleep(200);
    }
  }
}

/** Whether Postgres itself said no, and not only that it is starting. */
function isRefusal(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code !== '57P03';
}

/** After every run, as new tables come with new releases. */
async function grantRows(client: pg.Client, role: string): Promise<void> {
  const tables = 'product, idempotency_key';
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables} TO ${pg.escapeIdentifier(role)}`);
}
