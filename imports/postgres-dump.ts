import { DockerError } from '../engine/docker-cli.ts';
import { readCsv } from './csv.ts';
import type { InputFile } from './input-file.ts';
import { chooseTable, type Source, type Table } from './source.ts';
import { postgresLogin, type Workshop } from './workshop.ts';

/** Unpacks what pg_dump wrote, in a Postgres of its own. @throws Error with what is wrong with it. */
export async function fromPostgresDump(
  workshop: Workshop,
  file: InputFile,
  kind: 'archive' | 'postgres',
  table: string | undefined,
): Promise<Source> {
  await workshop.startPostgres();
  await (kind === 'archive' ? restore : play)(workshop, file);
  const chosen = chooseTable(await tables(workshop), table);
  return { ...(await staged(workshop, chosen)), what: `table ${chosen.name} of a PostgreSQL dump` };
}

/** Tables and rows are enough: keys and indexes may need what is not here, and take time. */
const sections = ['--section=pre-data', '--section=data'];

async function restore(workshop: Workshop, file: InputFile): Promise<void> {
  const command = ['pg_restore', ...postgresLogin, ...sections];
  const strictly = ['--no-owner', '--no-privileges', '--exit-on-error'];
  await explain(file, workshop.feed('postgres', [...command, ...strictly], file.dump('archive')));
}

/** Roles are not here and not needed; every other error counts. A first error can be followed by as many as there are rows. */
async function play(workshop: Workshop, file: InputFile): Promise<void> {
  const psql = `psql ${postgresLogin.join(' ')} --quiet --no-psqlrc --file=- 2>&1 >/dev/null | grep -aE 'ERROR:|FATAL:' | head -n 1000; true`;
  const said = await explain(file, workshop.feed('postgres', ['sh', '-c', psql], file.dump('postgres')));
  const errors = said
    .split('\n')
    .filter((line) => line !== '' && !/role "[^"]*" does not exist$/.test(line))
    .map((line) => line.replace(/^psql:<stdin>:(\d+): ERROR:\s*/, 'line $1: '));
  if (errors.length > 0) throw new Error(`${file.name}: ${errors.slice(0, 3).join('\n')}`);
}

async function explain<T>(file: InputFile, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    throw new Error(`${file.name}: ${error.message.split('\n').slice(0, 4).join('\n')}`, { cause: error });
  }
}

const tablesQuery = `
  SELECT json_build_object('schema', nspname, 'name', relname, 'columns', json_agg(attname ORDER BY attnum))
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_attribute ON attrelid = pg_class.oid
  WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_|^information_schema$' AND attnum > 0 AND NOT attisdropped
  GROUP BY nspname, relname ORDER BY nspname, relname`;

async function tables(workshop: Workshop): Promise<Table[]> {
  return (await workshop.sql('postgres', tablesQuery)).map((line) => JSON.parse(line) as Table);
}

/** A table of the temporary Postgres, every value as text. */
export async function staged(
  workshop: Workshop,
  { schema, name, columns }: Table,
): Promise<Omit<Source, 'what'>> {
  const table = `${quoted(schema)}.${quoted(name)}`;
  const [rows] = await workshop.sql('postgres', `SELECT count(*) FROM ${table}`);
  const list = columns.map((column) => `${quoted(column)}::text`).join(', ');
  // Quotes tell an empty text from none.
  const copy = `COPY (SELECT ${list} FROM ${table}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)`;
  const read = () => readCsv(workshop.output(copy), { encoding: 'utf-8', delimiter: ',' });
  return { columns, rows: Number(rows), read };
}

/** An identifier as SQL has it. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}
