import type { Measured, Summary } from './recorder.ts';
import { figure, textTable } from './text-table.ts';
import type { Verdict } from './thresholds.ts';

/** Heads of the table of routes. */
export const columns = ['route', 'requests', 'per second', 'p50 ms', 'p90 ms', 'p99 ms', 'max ms', 'lost'];

/** The table's rows, the last for all routes together. */
export function routeRows({ routes, total }: Pick<Measured, 'routes' | 'total'>): string[][] {
  return [...Object.entries(routes), ['all', total] as const].map(([route, one]) => [
    route,
    ...[one.requests, one.rate, one.p50, one.p90, one.p99, one.max].map(figure),
    describeErrors(one),
  ]);
}

/** Such as "3 × 503, 1 × UND_ERR_SOCKET", the most frequent first. */
export function describeErrors({ errors }: Pick<Summary, 'errors'>): string {
  const sorted = Object.entries(errors).sort(([, a], [, b]) => b - a);
  return sorted.map(([error, count]) => `${figure(count)} × ${error}`).join(', ') || '0';
}

/** What a terminal shows at the end. */
export function textSummary(measured: Measured, verdicts: readonly Verdict[]): string {
  return [textTable(columns, routeRows(measured)), '', ...verdicts.map(describeVerdict)].join('\n');
}

/** Such as "kept: p99, ms 120 (limit 500)". */
export function describeVerdict({ name, value, limit, kept }: Verdict): string {
  return `${kept ? 'kept' : 'NOT KEPT'}: ${name} ${figure(value)} (limit ${figure(limit)})`;
}
