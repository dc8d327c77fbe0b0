import { DockerError } from '../engine/docker-cli.ts';
import type { InputFile } from './input-file.ts';
import { quoted, staged } from './postgres-dump.ts';
import { chooseTable, type Source, type Table } from './source.ts';
import { mariadbLogin, type Workshop } from './workshop.ts';

/**
 * Unpacks a dump of MySQL or MariaDB in a real MariaDB, takes the table over into Postgres by pgloader, and compares both: counts, and
 * every value. @throws Error with what is wrong with the dump, or differs.
 */
export async function fromMysqlDump(
  workshop: Workshop,
  file: InputFile,
  table: string | undefined,
  tell: (line: string) => void,
): Promise<Source> {
  await workshop.startPostgres();
  await workshop.startMariadb();
  await play(workshop, file);
  const types = await columnTypes(workshop);
  const chosen = chooseTable(tablesOf(types), table);
  const columns = types.filter(({ schema, name }) => schema === chosen.schema && name === chosen.name);
  tell(`taking ${chosen.name} over from MariaDB to Postgres …`);
  await workshop.sql('mariadb', textTable(chosen, columns));
  const said = await workshop.convert(loadCommands);
  await compare(workshop, chosen, columns, said);
  const copy = { schema: converted, name: 'incoming', columns: chosen.columns };
  return { ...(await staged(workshop, copy)), what: `table ${chosen.name} of a MySQL or MariaDB dump` };
}

async function play(workshop: Workshop, file: InputFile): Promise<void> {
  const client = ['mariadb', ...mariadbLogin, '--max-allowed-packet=1G', 'import'];
  try {
    await workshop.feed('mariadb', client, file.dump('mysql'));
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    const said = error.message.split('\n').find((line) => line.includes('ERROR')) ?? error.message;
    throw new Error(`${file.name}: MariaDB says ${said.slice(0, 500)}`, { cause: error });
  }
}

interface Column {
  readonly schema: string;
  readonly name: string;
  readonly column: string;
  readonly type: string;
}

const columnsQuery = `
  SELECT JSON_OBJECT('schema', c.TABLE_SCHEMA, 'name', c.TABLE_NAME, 'column', c.COLUMN_NAME, 'type', c.DATA_TYPE)
  FROM information_schema.COLUMNS c JOIN information_schema.TABLES t USING (TABLE_SCHEMA, TABLE_NAME)
  WHERE t.TABLE_TYPE = 'BASE TABLE' AND c.TABLE_SCHEMA NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')
  ORDER BY c.TABLE_SCHEMA, c.TABLE_NAME, c.ORDINAL_POSITION`;

async function columnTypes(workshop: Workshop): Promise<Column[]> {
  return (await workshop.sql('mariadb', columnsQuery)).map((line) => JSON.parse(line) as Column);
}

function tablesOf(columns: readonly Column[]): Table[] {
  const tables = new Map<string, Table & { columns: string[] }>();
  for (const { schema, name, column } of columns) {
    const key = JSON.stringify([schema, name]);
    if (!tables.has(key)) tables.set(key, { schema, name, columns: [] });
    tables.get(key)!.columns.push(column);
  }
  return [...tables.values()];
}

/** The database of MariaDB, and then the schema of Postgres, that holds the table as text. */
const converted = 'converted';

/** Every value as MariaDB itself writes it, whatever the column's encoding, so that nobody on the way has an opinion on it. */
function textTable(table: Table, columns: readonly Column[]): string {
  const list = columns.map((column) => `${asText(column)} AS ${ticked(column.column)}`).join(', ');
  return `CREATE DATABASE ${converted}; CREATE TABLE ${converted}.incoming AS SELECT ${list} FROM ${from(table)}`;
}

function asText({ column, type }: Column): string {
  const name = ticked(column);
  const text = `CONVERT(CAST(${name} AS CHAR) USING utf8mb4)`;
  if (/binary|blob/.test(type)) return `CONVERT(HEX(${name}) USING utf8mb4)`;
  if (type === 'bit') return `CONVERT(CAST(${name} + 0 AS CHAR) USING utf8mb4)`;
  // These are kept in UTC, and the server's time zone is that.
  if (type === 'timestamp') return `CONCAT(${text}, '+00')`;
  return text;
}

function ticked(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}

function from({ schema, name }: Table): string {
  return `${ticked(schema)}.${ticked(name)}`;
}

const loadCommands = `LOAD DATABASE FROM mysql://root@127.0.0.1/${converted} INTO postgresql://postgres@127.0.0.1/import
  WITH include drop, create tables, create no indexes, no foreign keys, reset no sequences, quote identifiers,
    workers = 2, concurrency = 1, batch rows = 1000, prefetch rows = 1000
  SET MySQL PARAMETERS net_read_timeout = '3600', net_write_timeout = '3600'
  CAST type varchar to text drop typemod drop not null drop default;\n`;

/** The rows; and of each column how many have a value, and a sum over the hashes of all values. */
async function compare(
  workshop: Workshop,
  table: Table,
  columns: readonly Column[],
  said: string,
): Promise<void> {
  const [there] = await workshop.sql(
    'mariadb',
    `SELECT CONCAT_WS('|', COUNT(*), ${columns.map(mysqlSum).join(', ')}) FROM ${from(table)}`,
  );
  const copy = `${quoted(converted)}.incoming`;
  const list = ['count(*)::text', ...columns.map(postgresSum)].join(', ');
  const [here] = await workshop.sql('postgres', `SELECT array_to_string(ARRAY[${list}], '|') FROM ${copy}`);
  const [wanted, found] = [there!.split('|'), here!.split('|')];
  const differing = ['the rows', ...columns.map(({ column }) => column)].filter(
    (_, at) => wanted[at] !== found[at],
  );
  if (differing.length === 0) return;
  throw new Error(
    `what pgloader brought is not what MariaDB has (${differing.join(', ')}). It said:\n${said.trim()}`,
  );
}

function mysqlSum(column: Column): string {
  const hash = `CAST(CONV(LEFT(MD5(${asText(column)}), 8), 16, 10) AS UNSIGNED)`;
  return `CONCAT(COUNT(${ticked(column.column)}), ' ', COALESCE(SUM(${hash}), 0))`;
}

function postgresSum({ column }: Column): string {
  const name = quoted(column);
  return `count(${name}) || ' ' || coalesce(sum(('x' || left(md5(${name}), 8))::bit(32)::bigint), 0)`;
}
