/** What a set of latencies looks like, milliseconds; all 0 when there are none. */
export interface Latencies {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** The smallest of `sorted` that `percent` of them do not exceed (nearest rank); 0 when there are none. */
export function percentile(sorted: readonly number[] | Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

/** Percentiles of latencies in any order. */
export function latencies(all: readonly number[]): Latencies {
  const sorted = Float64Array.from(all).sort();
  const [p50, p90, p99] = [50, 90, 99].map((percent) => percentile(sorted, percent));
  return { p50: p50!, p90: p90!, p99: p99!, max: percentile(sorted, 100) };
}

/** The middle of some figures; of an even number the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
