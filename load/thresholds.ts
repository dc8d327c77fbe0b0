import type { LoadOptions } from './options.ts';
import { sum, type Summary } from './recorder.ts';

/** A limit, and whether it was kept. */
export interface Verdict {
  readonly name: string;
  readonly limit: number;
  readonly value: number;
  readonly kept: boolean;
}

/** Judges a load by its limits. One without an answer to anything has failed, whatever they are. */
export function judge(
  total: Summary,
  { maxErrors, maxP99Ms }: Pick<LoadOptions, 'maxErrors' | 'maxP99Ms'>,
): Verdict[] {
  const errors = sum(total.errors);
  const answered = total.requests - errors;
  return [
    { name: 'lost requests', limit: maxErrors, value: errors, kept: errors <= maxErrors },
    { name: 'p99, ms', limit: maxP99Ms, value: total.p99, kept: total.p99 < maxP99Ms },
    ...(answered === 0 ? [{ name: 'answers', limit: 1, value: 0, kept: false }] : []),
  ];
}
