import type { SubjectKey } from './arena.ts';
import type { Result } from './throughput.ts';

type Results = Readonly<Partial<Record<SubjectKey, Result>>>;

/** A goal, what was measured, and whether that is enough. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
}

/** Compares the medians of reads with what was wanted of them. */
export function goals(results: Results): Goal[] {
  return [
    ratio(results, 'a', 'a0', 2),
    ratio(results, 'b', 'a', 0.85),
    ratio(results, 'b', 'd', 1.7),
    ratio(results, 'b', 'e', 1.4),
    slowest(results, 'b', 'd'),
    slowest(results, 'b', 'e'),
  ];
}

function ratio(results: Results, one: SubjectKey, other: SubjectKey, wanted: number): Goal {
  const measured = results[one]!.rate / results[other]!.rate;
  const text = `requests per second, (${one}) : (${other})`;
  return { text, wanted: `≥ ${wanted}`, measured: measured.toFixed(2), met: measured >= wanted };
}

function slowest(results: Results, one: SubjectKey, other: SubjectKey): Goal {
  const [own, limit] = [results[one]!.p99, results[other]!.p99];
  const text = `p99 of (${one}), ms, below that of (${other})`;
  return { text, wanted: `< ${limit.toFixed(0)}`, measured: own.toFixed(0), met: own < limit };
}
