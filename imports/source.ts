import type { Cells } from './product-row.ts';

/** A table that is imported. */
export interface Source {
  /** For a person: `the table products of a MariaDB dump`. */
  readonly what: string;
  readonly columns: readonly string[];
  /** How many rows there are, where that is known before they are read. */
  readonly rows?: number;
  /** Its rows, once. @throws Error when it cannot be read to its end. */
  read(): AsyncIterable<Cells>;
}

/** A table that a dump holds. */
export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
}

/**
 * The table of products: the one that was asked for, else the one that is called so, else the only one.
 * @throws Error that lists the tables there are.
 */
export function chooseTable(tables: readonly Table[], asked: string | undefined): Table {
  if (tables.length === 0) throw new Error('there is no table in it');
  const found = tables.filter((table) =>
    asked === undefined ? /^products?$/i.test(table.name) : isCalled(table, asked),
  );
  if (found.length === 1) return found[0]!;
  if (asked === undefined && tables.length === 1) return tables[0]!;
  const list = tables.map(
    ({ schema, name, columns }) => `  ${schema}.${name} (${shortened(columns.join(', '))})`,
  );
  const problem =
    asked === undefined
      ? 'which table is it? Add --table NAME'
      : `${found.length === 0 ? 'there is no table' : 'there are several tables'} ${asked}`;
  throw new Error([`${problem}. There are:`, ...list].join('\n'));
}

function isCalled({ schema, name }: Table, asked: string): boolean {
  return name === asked || `${schema}.${name}` === asked;
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}
