/** What a file can be: `archive` is pg_dump's custom format (or tar), `postgres` its plain SQL, `mysql` SQL of MySQL or MariaDB. */
export const kinds = ['csv', 'archive', 'postgres', 'mysql'] as const;
export type Kind = (typeof kinds)[number];

const packed: readonly (readonly [string, string])[] = [
  ['PK\x03\x04', 'a zip archive'],
  ['(\xb5/\xfd', 'packed by zstd'],
  ['\xfd7zXZ', 'packed by xz'],
  ['BZh', 'packed by bzip2'],
  ['\x89PNG', 'a picture'],
  ['%PDF', 'a PDF'],
];

/** Tells what a file is by its name and its first bytes. @throws Error that says what to do when that cannot be told. */
export function fileKind(name: string, head: Buffer): Kind {
  const text = head.toString('latin1');
  if (text.startsWith('PGDMP') || text.startsWith('toc.dat\0')) return 'archive';
  const other = packed.find(([magic]) => text.startsWith(magic));
  if (other) throw new Error(`${name} is ${other[1]}. Import what is in it`);
  if (text.trim() === '') throw new Error(`${name} is empty`);
  if (text.includes('\0'))
    throw new Error(
      `${name} is neither text nor a dump. A CSV of Excel may need --encoding utf-16le --from csv`,
    );
  if (/^-- PostgreSQL database (cluster )?dump/m.test(text)) return 'postgres';
  if (/^-- (MySQL|MariaDB) dump|^-- phpMyAdmin|^\/\*M?!\d{5,6}|ENGINE ?= ?(InnoDB|MyISAM|Aria)/im.test(text))
    return 'mysql';
  if (/\.sql(\.gz)?$/i.test(name) || /^\s*(CREATE TABLE|INSERT INTO|SET )/im.test(text))
    throw new Error(`${name} is SQL and does not say whose. Add --from mysql or --from postgres`);
  return 'csv';
}

/**
 * What is wrong with the end of a dump; undefined when it is whole. Their programs write a last line, so a dump with their first line
 * and without that was cut off.
 */
export function endProblem(kind: Kind, head: string, tail: string): string | undefined {
  const [first, last] = marks[kind] ?? [];
  if (!first?.test(head) || last!.test(tail)) return undefined;
  return 'the file ends before the dump does: it was cut off. Make the dump, or copy it, again';
}

const marks: Readonly<Partial<Record<Kind, readonly [RegExp, RegExp]>>> = {
  postgres: [/^-- PostgreSQL database (cluster )?dump/m, /^-- PostgreSQL database (cluster )?dump complete/m],
  mysql: [/^-- (MySQL|MariaDB) dump/m, /^-- Dump completed/m],
};
