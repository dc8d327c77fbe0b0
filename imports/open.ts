import { readCsv, type CsvFormat } from './csv.ts';
import type { Kind } from './file-kind.ts';
import type { InputFile } from './input-file.ts';
import { fromMysqlDump } from './mysql-dump.ts';
import { fromPostgresDump } from './postgres-dump.ts';
import type { Cells } from './product-row.ts';
import type { Source } from './source.ts';
import type { Workshop } from './workshop.ts';

/** How a file is to be read. */
export interface Reading extends CsvFormat {
  readonly kind: Kind;
  /** Of the tables of a dump. */
  readonly table?: string | undefined;
}

/** The table that a file holds; a dump is unpacked for it. @throws Error with what is wrong with the file. */
export async function openSource(
  file: InputFile,
  { kind, table, ...format }: Reading,
  workshop: Workshop,
  tell: (line: string) => void,
): Promise<Source> {
  if (kind === 'csv') return fromCsv(file, format);
  await file.checkEnd(kind);
  tell(`unpacking ${file.name} in a temporary ${kind === 'mysql' ? 'MariaDB' : 'Postgres'} …`);
  return kind === 'mysql'
    ? fromMysqlDump(workshop, file, table, tell)
    : fromPostgresDump(workshop, file, kind, table);
}

async function fromCsv(file: InputFile, format: CsvFormat): Promise<Source> {
  const rows = csvRows(file, format);
  const { value: columns } = (await rows.next()) as { value: Cells | undefined };
  if (!columns) throw new Error(`${file.name} is empty`);
  return { what: `the CSV ${file.name}`, columns: columns.map((name) => name ?? ''), read: () => rows };
}

async function* csvRows(file: InputFile, format: CsvFormat): AsyncGenerator<Cells> {
  try {
    yield* readCsv(file.chunks(), format);
  } catch (error) {
    throw new Error(`${file.name}: ${(error as Error).message}`, { cause: error });
  }
}
