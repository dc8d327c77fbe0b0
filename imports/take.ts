import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { DockerCli } from '../engine/docker-cli.ts';
import type { Incoming, RowReader } from './product-row.ts';
import { checkRefusals, mostRefusals, type Outcome, type Refusal } from './report.ts';
import { Session } from './session.ts';
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
 * @param database its container. @param progress is told how many rows were read, every thousand rows. @param signal stops it.
 * @throws Error when the rows cannot be read to their end, or Postgres does not take them; it says what is true then.
 */
export async function takeRows(
  docker: DockerCli,
  database: string,
  source: Source,
  reader: RowReader,
  intent: Intent,
  progress: (rows: number) => void,
  signal: AbortSignal,
): Promise<Outcome> {
  const refusals: Refusal[] = [];
  let read = 0;
  async function* script(): AsyncGenerator<string> {
    yield begin;
    for await (const cells of source.read()) {
      if (++read % 1000 === 0) progress(read);
      const product = reader.read(cells, read);
      const label = reader.label(cells);
      if (Array.isArray(product)) {
        refusals.push(...product.map((fault) => ({ row: read, label, ...fault })));
        checkRefusals(refusals);
      } else yield copyLine(read, label, product);
    }
    if (source.rows !== undefined && source.rows !== read)
      throw new Error(`${source.what}: ${read} of ${source.rows} rows could be read`);
    const wanted = !intent.dryRun && (intent.skipBad || refusals.length === 0);
    yield `\\.\n\\set wanted ${wanted}\n\\set skip_bad ${intent.skipBad}\n\\set most_refusals ${mostRefusals}\n${settle}`;
  }
  const session = new Session(docker, database);
  const said = await session.run(batches(script()), signal);
  return { read, doubts: reader.doubts(), ...outcome(said, refusals) };
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
function outcome(said: string, refusals: readonly Refusal[]): Omit<Outcome, 'read' | 'doubts'> {
  const lines = said
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const having = <T>(key: string) => lines.filter((line) => key in line) as T[];
  const [counts] = having<Pick<Outcome, 'added' | 'changed' | 'same' | 'dated'>>('added');
  if (!counts)
    throw new Error('the rows were taken, but how many was lost with the connection. See: --dry-run');
  return {
    ...counts,
    refusals: [...refusals, ...having<Refusal>('reason')],
    sums: having<Outcome['sums'][number]>('amount'),
    taken: having('taken').length > 0,
  };
}
