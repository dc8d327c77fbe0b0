import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type pg from 'pg';

/** A migration file, or what the database remembers of one. */
export interface Migration {
  readonly name: string;
  readonly checksum: string;
}

interface MigrationFile extends Migration {
  readonly sql: string;
}

/**
 * Runs the files of `folder` that this database has not seen, in the order of their names, each in a transaction of its own.
 * Needs a client that nobody else uses. Returns their names.
 * @throws Error that lists every applied file which was changed or is missing, and every new one which comes too late in the order.
 */
export async function applyMigrations(client: pg.ClientBase, folder: URL): Promise<string[]> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
  const { rows: applied } = await client.query<Migration>('SELECT name, checksum FROM schema_migration');
  const files = readMigrations(folder);
  const problems = differences(files, applied);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const known = new Set(applied.map(({ name }) => name));
  const pending = files.filter(({ name }) => !known.has(name));
  for (const file of pending) await apply(client, file);
  return pending.map(({ name }) => name);
}

/**
 * What stands against running `files` on a database that has `applied`, a line each. Applied files that are newer than all of
 * `files` are no problem: an older release is being put back, and migrations are written so that it works.
 */
export function differences(files: readonly Migration[], applied: readonly Migration[]): string[] {
  const last = files.at(-1)?.name ?? '';
  const lastApplied =
    applied
      .map(({ name }) => name)
      .sort()
      .at(-1) ?? '';
  const problems = applied
    .filter(({ name }) => name <= last)
    .flatMap(({ name, checksum }) => {
      const file = files.find((one) => one.name === name);
      if (!file) return [`${name} was applied to this database and is missing here: restore it`];
      if (file.checksum === checksum) return [];
      return [`${name} was changed after it was applied: restore it and put the change into a new file`];
    });
  const late = files.filter(({ name }) => name < lastApplied && !applied.some((one) => one.name === name));
  return [
    ...problems,
    ...late.map(
      ({ name }) => `${name} comes before ${lastApplied}, which is applied: give it a higher number`,
    ),
  ];
}

function readMigrations(folder: URL): MigrationFile[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}-[a-z0-9-]+\.sql$/.test(name));
  return names.sort().map((name) => {
    const sql = readFileSync(new URL(name, folder), 'utf8');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

async function apply(client: pg.ClientBase, { name, checksum, sql }: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query('INSERT INTO schema_migration (name, checksum) VALUES ($1, $2)', [name, checksum]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new Error(`${name} failed and was undone`, { cause });
  }
}
