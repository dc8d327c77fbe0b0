import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DockerError, type DockerCli } from '../engine/docker-cli.ts';
import type { Incoming, RowReader } from './product-row.ts';
import type { Outcome, Refusal } from './report.ts';
import type { Source } from './source.ts';

const begin = readFileSync(new URL('begin.sql', import.meta.url), 'utf8');
const settle = readFileSync(new URL('settle.sql', import.meta.url), 'utf8');

/** What is to happen with the rows. */
export interface Intent {
  /** Only look. */
  readonly dryRun: boolean;
  /** Also without the rows that cannot be taken. */
  readonly skipBad: boolean;
}

/**
 * Puts the rows of `source` into a running database, all in one transaction: what comes out of it is as `intent` says, or nothing.
 * @param database its container. @param progress is told how many rows were read, every thousand rows.
 * @throws Error when the rows cannot be read to their end, or Postgres does not take them; nothing was changed then.
 */
export async function takeRows(
  docker: DockerCli,
  database: string,
  source: Source,
  reader: RowReader,
  intent: Intent,
  progress: (rows: number) => void,
): Promise<Outcome> {
  const refusals: Refusal[] = [];
  let read = 0;
  async function* script(): AsyncGenerator<string> {
    yield begin;
    for await (const cells of source.read()) {
      if (++read % 1000 === 0) progress(read);
      const product = reader.read(cells, read);
      const label = reader.label(cells);
      if (Array.isArray(product)) refusals.push(...product.map((fault) => ({ row: read, label, ...fault })));
      else yield copyLine(read, label, product);
    }
    if (source.rows !== undefined && source.rows !== read)
      throw new Error(`${source.what}: ${read} of ${source.rows} rows could be read`);
    const wanted = !intent.dryRun && (intent.skipBad || refusals.length === 0);
    yield `\\.\n\\set wanted ${wanted}\n\\set skip_bad ${intent.skipBad}\n${settle}`;
  }
  const psql = ['psql', '--username=postgres', '--dbname=product', '-qAtX', '--set=ON_ERROR_STOP=1'];
  const said = docker.fed(['exec', '-i', database, ...psql, '--file=-'], batches(script()));
  return { read, ...outcome(await said.catch(explain), refusals) };
}

/** Fewer, larger writes. */
async function* batches(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let batch = '';
  for await (const piece of pieces) {
    batch += piece;
    if (batch.length < 65_536) continue;
    yield batch;
    batch = '';
  }
  yield batch;
}

function copyLine(row: number, label: string, product: Incoming): string {
  const { id, sku, name, description, price, stock, createdAt, updatedAt } = product;
  const values = [
    row,
    label,
    id,
    sku,
    name,
    description,
    price.amount,
    price.currency,
    stock,
    createdAt,
    updatedAt,
  ];
  return `${[...values, digest(product)].map(copyValue).join('\t')}\n`;
}

function copyValue(value: string | number | null): string {
  if (value === null) return '\\N';
  return String(value).replace(/[\\\n\r\t]/g, (one) => escapes[one]!);
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What settle.sql finds in the table again. */
function digest({ sku, name, description, price, stock, createdAt }: Incoming): string {
  const all = [sku, name, description, price.amount, price.currency, stock, createdAt];
  const text = all.filter((value) => value !== null).join('\x1f');
  return createHash('md5').update(text).digest('hex');
}

/** Reads the lines that settle.sql prints. */
function outcome(said: string, refusals: readonly Refusal[]): Omit<Outcome, 'read'> {
  const lines = said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const having = <T>(key: string) => lines.filter((line) => key in line) as T[];
  const [counts] = having<Pick<Outcome, 'added' | 'changed' | 'same' | 'dated'>>('added');
  return {
    ...counts!,
    refusals: [...refusals, ...having<Refusal>('reason')],
    sums: having<Outcome['sums'][number]>('amount'),
    taken: having('taken').length > 0,
  };
}

function explain(error: unknown): never {
  if (!(error instanceof DockerError)) throw error;
  const said = error.message
    .replace(/^psql:<stdin>:\d+: /gm, '')
    .split('\n')
    .slice(0, 3)
    .join('\n');
  throw new Error(`Postgres does not take them, and nothing was changed: ${said}`);
}
