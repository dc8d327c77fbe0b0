import { currencyDigits } from '../apps/storefront/money.ts';
import { columns as inColumns } from '../ops/status.ts';
import { fieldNames, type Field } from './fields.ts';
import type { Mapping } from './mapping.ts';
import type { Doubts } from './product-row.ts';

/** A row that cannot be taken, and why. */
export interface Refusal {
  /** From 1, the line with the columns' names not counted. */
  readonly row: number;
  /** Its sku or id. */
  readonly label: string;
  readonly column: string;
  readonly reason: string;
}

/** What became of the rows, or would. */
export interface Outcome {
  readonly read: number;
  /** Of rows that cannot be taken. */
  readonly refusals: readonly Refusal[];
  readonly added: number;
  readonly changed: number;
  /** That are here already, just as they are. */
  readonly same: number;
  /** Of these the rows that say when they were made. */
  readonly dated: number;
  readonly sums: readonly { readonly currency: string; readonly amount: string; readonly rows: number }[];
  readonly doubts: Doubts;
  /** Whether it happened. */
  readonly taken: boolean;
}

/** Of a file that has more than these wrong nothing can be learnt by more. */
export const mostRefusals = 100_000;

/** Stops what would fill the memory. @throws Error that shows the first of them. */
export function checkRefusals(refusals: readonly Refusal[]): void {
  if (refusals.length <= mostRefusals) return;
  const first = refusals.slice(0, 5).map(refusalLine).join('\n');
  throw new Error(
    `more than ${number(mostRefusals)} values cannot be taken, and nothing was changed. Is every column the right one? The first:\n${first}`,
  );
}

/** Which column each field is taken from, a line each, and what is not taken. */
export function mappingText({ columns, from, currency }: Mapping): string {
  const lines = fieldNames.map((field) => [
    `  ${field}`,
    sourceOf(field, columns[from[field] ?? -1], currency),
  ]);
  const used = new Set(Object.values(from));
  const unused = columns.filter((_, at) => !used.has(at));
  return [
    inColumns(lines.filter(([, source]) => source !== '') as string[][]).join('\n'),
    ...(unused.length > 0 ? [`  not taken: ${unused.join(', ')}`] : []),
  ].join('\n');
}

function sourceOf(field: Field, column: string | undefined, currency: string | undefined): string {
  const remarks: Partial<Record<Field, string>> = { price: ' (19.90)', price_cents: ' (1990 for 19.90)' };
  if (column !== undefined) return `<- ${column}${remarks[field] ?? ''}`;
  if (field === 'currency') return `<- ${currency}, all rows`;
  const otherwise: Partial<Record<Field, string>> = {
    id: 'new ones',
    sku: 'ID- and the id',
    description: 'none',
    stock: '0',
    created_at: 'now',
  };
  return otherwise[field] ? `   ${otherwise[field]}` : '';
}

/** The rows that cannot be taken, a line for each reason; no more than `limit`. */
export function refusalsText(refusals: readonly Refusal[], limit: number): string {
  const lines = [...refusals].sort((a, b) => a.row - b.row).map(refusalLine);
  return [
    `${rows(refusedRows(refusals))} cannot be taken:`,
    ...lines.slice(0, limit),
    ...(lines.length > limit ? [`  … and more; --bad-rows FILE writes all of them to a file`] : []),
  ].join('\n');
}

function refusalLine({ row, label, column, reason }: Refusal): string {
  return `  row ${row}${label && ` (${label})`}: ${column && `${column}: `}${reason}`;
}

/** How many rows they are about. */
export function refusedRows(refusals: readonly Refusal[]): number {
  return new Set(refusals.map(({ row }) => row)).size;
}

/** The same as CSV, for a file. */
export function refusalsCsv(refusals: readonly Refusal[]): string {
  const lines = refusals.map(({ row, label, column, reason }) => [row, label, column, reason]);
  return [['row', 'sku or id', 'column', 'reason'], ...lines]
    .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(','))
    .join('\n')
    .concat('\n');
}

/** What was done or would be, and what it was compared by. */
export function outcomeText(stack: string, outcome: Outcome): string {
  const { added, changed, same, taken, sums, dated, doubts } = outcome;
  const counts = `${number(added)} new, ${number(changed)} changed, ${number(same)} as they are already`;
  const money = sums.map(({ currency, amount, rows: n }) => `${total(amount, currency)} (${rows(n)})`);
  return [
    taken ? `${stack} has them: ${counts}.` : `${stack} would get ${counts}.`,
    `  prices:  ${money.join(', ') || 'none'}`,
    `  dates:   ${rows(dated)} with the time when it was made`,
    ...(doubts.twice > 0 ? [`  ${doubtText(doubts)}`] : []),
    ...(taken
      ? ['  compared in the table before it was made final: every text, price, stock and date of every row']
      : []),
  ].join('\n');
}

function doubtText({ twice, example }: Doubts): string {
  const times = twice === 1 ? 'a time that clocks showed' : `${number(twice)} times that clocks showed`;
  return `         ${times} twice, such as ${example}, when summer time ended: taken as the earlier`;
}

function total(amount: string, currency: string): string {
  const digits = currencyDigits(currency);
  const units = amount.padStart(digits + 1, '0');
  const whole = digits === 0 ? units : `${units.slice(0, -digits)}.${units.slice(-digits)}`;
  return `${currency} ${whole}`;
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${number(count)} rows`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
