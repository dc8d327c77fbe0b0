import { figure } from '../load/text-table.ts';
import type { SubjectKey } from './arena.ts';
import type { Result } from './throughput.ts';

export type Results = Readonly<Partial<Record<SubjectKey, Result>>>;

/** A goal, what was measured, and whether that is enough. */
export interface Goal {
  readonly text: string;
  readonly wanted: string;
  readonly measured: string;
  readonly met: boolean;
  /** Why more is not to be had here, where that can be told from the figures. */
  readonly why?: string;
}

/** Compares the medians of reads with what was wanted of them; `cores` is what the machine has. */
export function goals(results: Results, cores: number): Goal[] {
  return [
    ratio(results, 'a', 'a0', 2),
    { ...ratio(results, 'b', 'a', 0.85), ...whole(results, cores) },
    { ...ratio(results, 'b', 'd', 1.7), ...freeProxy(results, 'd', 1.7) },
    { ...ratio(results, 'b', 'e', 1.4), ...freeProxy(results, 'e', 1.4) },
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

/** Microseconds of the machine's CPU for one request; the proxy's share, and what belongs to no container. */
export function cpuOf({
  busy,
  rate,
  cpu,
}: Pick<Result, 'busy' | 'rate' | 'cpu'>): Record<'all' | 'proxy' | 'rest', number> {
  const all = (busy * 1e6) / rate;
  const counted = Object.values(cpu).reduce((sum, part) => sum + part, 0);
  return { all, proxy: cpu['proxy'] ?? 0, rest: Math.max(0, all - counted) };
}

/** How (b) would stand with a proxy that costs nothing: what is behind it, and what asks, costs the same CPU as before. */
function freeProxy(results: Results, other: SubjectKey, wanted: number): { why: string } {
  const [own, theirs] = [cpuOf(results['b']!), cpuOf(results[other]!)];
  const best = theirs.all / (own.all - own.proxy);
  const verdict =
    best < wanted ? 'so the goal is out of reach on this machine' : 'so the rest is ours to find';
  return {
    why: `Of the ${figure(own.all)} µs that a read through (b) costs, ${figure(own.proxy)} are the proxy's; with one that cost nothing (b) would stand at ${best.toFixed(2)} of (${other}), ${verdict}.`,
  };
}

/** The most that (b) can do when everything shares so many cores. */
function whole(results: Results, cores: number): { why: string } {
  const [own, direct] = [results['b']!, results['a']!];
  const { all } = cpuOf(own);
  const most = (cores * 1e6) / all;
  return {
    why: `A read through (b) costs ${figure(all)} µs of CPU, that of what asks, of Postgres and of the kernel included, and ${cores} cores have room for ${figure(most)} of them a second: ${(most / direct.rate).toFixed(2)} of (a), which needs ${figure(cpuOf(direct).all)} µs. ${own.busy.toFixed(2)} of the cores were busy with it, ${direct.busy.toFixed(2)} with (a).`,
  };
}
