import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { readEnvironment, text, whole } from '../kit/environment.ts';
import { loadCatalogue } from './catalogue.ts';

const env = readEnvironment({
  DATABASE_HOST: text(),
  DATABASE_PORT: whole(1, 65535, 5432),
  DATABASE_NAME: text(),
  DATABASE_USER: text(),
  DATABASE_PASSWORD_FILE: text(),
  DATABASE_APP_ROLE: text(),
  CATALOGUE_SIZE: whole(0, 1_000_000, 0),
});

/** How long the database may take to accept a connection, milliseconds. */
const patience = 30_000;

const client = await connect(Date.now() + patience);
await runner({
  dbClient: client,
  dir: fileURLToPath(new URL('migrations', import.meta.url)),
  direction: 'up',
  migrationsTable: 'migration',
  checkOrder: true,
  singleTransaction: true,
  log: console.log,
});
await grantRows();
const added = await loadCatalogue(client, env.CATALOGUE_SIZE);
if (added > 0) console.log(`dummy catalogue: ${added} products`);
await client.end();

async function connect(until: number): Promise<pg.Client> {
  const password = readFileSync(env.DATABASE_PASSWORD_FILE, 'utf8').trim();
  const { DATABASE_HOST: host, DATABASE_PORT: port, DATABASE_NAME: database, DATABASE_USER: user } = env;
  const attempt = new pg.Client({
    host,
    port,
    database,
    user,
    password,
    connectionTimeoutMillis: 3000,
    application_name: 'migrate',
  });
  try {
    await attempt.connect();
    return attempt;
  } catch (error) {
    if (Date.now() > until)
      throw new Error(`no connection to ${host}:${port} within ${patience / 1000} s`, { cause: error });
    await new Promise((resolve) => setTimeout(resolve, 500));
    return connect(until);
  }
}

/** The application may read and write rows, and nothing else; after every run, as new tables come with new releases. */
async function grantRows(): Promise<void> {
  const role = client.escapeIdentifier(env.DATABASE_APP_ROLE);
  await client.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON product, idempotency_key TO ${role}`);
}
