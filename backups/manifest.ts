import { columns } from '../ops/status.ts';

/** What is in a database; database/backup/facts.sql asks for it. */
export interface Facts {
  /** Version of the server. */
  readonly postgres: string;
  /** The newest migration that the database had; null for a database that our migrations did not make. */
  readonly migration: string | null;
  /** Rows by table. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What a backup says about itself; database/backup/dump.sh writes it beside the dump. */
export interface Manifest extends Facts {
  /** When it was begun, in UTC: `2026-11-24T03-00-00Z`. */
  readonly name: string;
  /** `scheduled` or `asked`. */
  readonly reason: string;
  /** The same time as ISO text. */
  readonly started: string;
  readonly seconds: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly encrypted: boolean;
}

/** A backup, and the rules that keep it: `last daily`. */
export interface Listed {
  readonly manifest: Manifest;
  readonly kept: string;
}

/** Reads the listing that `listScript` prints: a line `#NAME kept…`, or a manifest. Newest first. @throws SyntaxError */
export function parseListing(text: string): Listed[] {
  const lines = text.split('\n');
  const kept = new Map(
    lines.filter((line) => line.startsWith('#')).map((line) => [line.slice(1, 21), line.slice(22)] as const),
  );
  return lines
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Manifest)
    .map((manifest) => ({ manifest, kept: kept.get(manifest.name) ?? '' }))
    .sort((a, b) => b.manifest.name.localeCompare(a.manifest.name));
}

/** Prints what parseListing reads, in the container that makes backups. */
export const listScript = `cd "$BACKUPS"; . /etc/product-stack/backup/keep.sh
ls -- *.json 2>/dev/null | sed 's/\\.json$//' | sort -r | labelled $KEEP | sed 's/^/#/'
cat -- *.json 2>/dev/null; true`;

/**
 * The backups as a table for a person.
 * @param now milliseconds since 1970. @param uploaded names of those that are in the stack's bucket, where it has one.
 */
export function backupsText(
  stack: string,
  listing: readonly Listed[],
  now: number,
  uploaded?: readonly string[],
): string {
  if (listing.length === 0) return `${stack} has no backup yet. Run: npm run backup -- --stack ${stack}`;
  const rows = listing.map(({ manifest, kept }) => [
    manifest.name,
    age(now - Date.parse(manifest.started)),
    size(manifest.bytes),
    rowsText(manifest.rows),
    manifest.encrypted ? 'yes' : 'no',
    manifest.postgres.split(' ')[0]!,
    ...(uploaded ? [uploaded.includes(manifest.name) ? 'yes' : 'not yet'] : []),
    kept || manifest.reason,
  ]);
  const inBucket = uploaded ? ['in bucket'] : [];
  const header = ['name', 'age', 'size', 'rows', 'encrypted', 'postgres', ...inBucket, 'kept as'];
  return columns([header, ...rows]).join('\n');
}

/** Products are what people count by; otherwise all rows. */
function rowsText(rows: Facts['rows']): string {
  if (rows['product'] !== undefined) return `${rows['product']} products`;
  return String(Object.values(rows).reduce((sum, count) => sum + count, 0));
}

/** When a backup or a base copy was begun, by its name, such as `2026-11-24T03-00-00Z`; milliseconds since 1970. */
export function timeOf(name: string): number {
  return Date.parse(`${name.slice(0, 11)}${name.slice(11).replaceAll('-', ':')}`);
}

/** How long ago, in the largest unit that fits: `3 h`. */
export function age(milliseconds: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
  ] as const;
  const [unit, length] = units.find(([, one]) => milliseconds >= one) ?? ['s', 1000];
  return `${Math.max(0, Math.floor(milliseconds / length))} ${unit}`;
}

/** Bytes for a person: `29.3 kB`. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power]}`;
}

/** What differs between the rows of a backup and of a database, a line each; empty when they are equal. */
export function rowDifferences(expected: Facts['rows'], found: Facts['rows']): string[] {
  const tables = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  return tables
    .filter((table) => expected[table] !== found[table])
    .map((table) => `${table} has ${found[table] ?? 'no'} rows, not ${expected[table] ?? 'none'}`);
}
