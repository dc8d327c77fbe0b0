import { pipeline, Readable } from 'node:stream';
import { parse, type CsvError } from 'csv-parse';
import type { Cells } from './product-row.ts';

/** Characters that a row may have; what is larger is none, but something whose quotes or line ends are missing. */
const largestRow = 32 * 2 ** 20;

/** The same of the first line, which has the names of the columns. */
const largestHead = 2 ** 20;

/** How a CSV is written. */
export interface CsvFormat {
  /** As TextDecoder knows it: utf-8, windows-1252, utf-16le. */
  readonly encoding: string;
  /** What is between values; else the first line tells. */
  readonly delimiter?: string | undefined;
}

/**
 * Reads CSV row by row; the first are the names of the columns. Empty or \N without quotes is null.
 * @throws Error that says where, when it is not in that encoding or is no CSV.
 */
export async function* readCsv(chunks: AsyncIterable<Buffer>, format: CsvFormat): AsyncGenerator<Cells> {
  const text = decoded(chunks, format.encoding);
  const first = await untilLineEnd(text);
  const parser = parse({
    delimiter: format.delimiter ?? delimiterOf(first),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: largestRow,
    cast: (value, { quoting }) => (quoting || (value !== '' && value !== '\\N') ? value : null),
  });
  async function* all() {
    yield first;
    yield* text;
  }
  try {
    yield* pipeline(Readable.from(all()), parser, () => undefined) as AsyncIterable<Cells>;
  } catch (error) {
    throw explained(error as Error & Partial<CsvError>);
  }
}

/** The one of `,` `;` and tab that a line has most of, outside quotes. */
export function delimiterOf(line: string): string {
  const bare = line.split(/[\r\n]/, 1)[0]!.replace(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, one) => (count(one) > count(best) ? one : best));
}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lines = 1;
  try {
    for await (const chunk of chunks) {
      const text = decoder.decode(chunk, { stream: true });
      lines += text.split('\n').length - 1;
      yield text;
    }
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Error(
      `after line ${lines} there is what is not ${encoding}. Add --encoding, such as --encoding windows-1252`,
      { cause: error },
    );
  }
}

async function untilLineEnd(text: AsyncGenerator<string>): Promise<string> {
  let start = '';
  while (!/\n.|\r[^\n]/.test(start)) {
    if (start.length > largestHead)
      throw new Error(
        'its first line does not end within a million characters: it is no CSV with a row on each line',
      );
    const { value, done } = await text.next();
    if (done) break;
    start += value;
  }
  return start;
}

function explained(error: Error & Partial<CsvError>): Error {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return new Error(`the file ends inside quotes, in line ${error['lines']}. Was it cut off?`);
  if (error.code === 'CSV_MAX_RECORD_SIZE')
    return new Error(
      `the row at line ${error['lines']} has more than ${largestRow} characters. Is a quote not closed?`,
    );
  if (error.code) return new Error(`line ${error['lines']}: ${error.message}`);
  return error;
}
