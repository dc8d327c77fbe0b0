import { latencies, type Latencies } from './percentile.ts';

/** Figures of one route, or of all. */
export interface Summary extends Latencies {
  readonly requests: number;
  /** Requests per second. */
  readonly rate: number;
  /** How lost requests ended, and how often. */
  readonly errors: Readonly<Record<string, number>>;
}

/** One second of a load. */
export interface Second {
  /** Counted from the start, 1 for the first. */
  readonly second: number;
  readonly requests: number;
  readonly errors: number;
  readonly p50: number;
  readonly p99: number;
  /** Requests without an answer yet, at the end of the second. */
  readonly inFlight: number;
  /** Open connections at the end of the second. */
  readonly connections: number;
}

/** All that was measured. */
export interface Measured {
  readonly seconds: number;
  readonly total: Summary;
  readonly routes: Readonly<Record<string, Summary>>;
  readonly timeline: readonly Second[];
  /** Latencies of all answers by size: how many took up to `ms`. */
  readonly distribution: readonly { readonly ms: number; readonly count: number }[];
}

class Figures {
  readonly ms: number[] = [];
  readonly errors: Record<string, number> = {};

  add(ms: number, error: string | undefined): void {
    this.ms.push(ms);
    if (error !== undefined) this.errors[error] = (this.errors[error] ?? 0) + 1;
  }

  summary(seconds: number): Summary {
    const requests = this.ms.length;
    return { requests, rate: requests / seconds, ...latencies(this.ms), errors: this.errors };
  }
}

/** Takes down every request of a load as it ends. */
export class Recorder {
  inFlight = 0;
  connections = 0;
  readonly timeline: Second[] = [];
  private readonly routes = new Map<string, Figures>();
  private window = new Figures();

  /** A request has ended: `error` says how, when it is lost. */
  add(route: string, ms: number, error?: string): void {
    const figures = this.routes.get(route) ?? new Figures();
    this.routes.set(route, figures);
    figures.add(ms, error);
    this.window.add(ms, error);
  }

  /** A second is over. */
  tick(): Second {
    const { requests, p50, p99, errors } = this.window.summary(1);
    const { inFlight, connections } = this;
    const second = this.timeline.length + 1;
    const seen = { second, requests, errors: sum(errors), p50, p99, inFlight, connections };
    this.window = new Figures();
    this.timeline.push(seen);
    return seen;
  }

  /** What was measured in `seconds`. */
  result(seconds: number): Measured {
    const total = new Figures();
    for (const { ms, errors } of this.routes.values()) {
      for (const one of ms) total.ms.push(one);
      for (const [error, count] of Object.entries(errors))
        total.errors[error] = (total.errors[error] ?? 0) + count;
    }
    const routes = [...this.routes].sort(([a], [b]) => a.localeCompare(b));
    return {
      seconds,
      total: total.summary(seconds),
      routes: Object.fromEntries(routes.map(([route, figures]) => [route, figures.summary(seconds)])),
      timeline: this.timeline,
      distribution: distribution(total.ms),
    };
  }
}

/** All counts of errors together. */
export function sum(errors: Readonly<Record<string, number>>): number {
  return Object.values(errors).reduce((all, count) => all + count, 0);
}

/** Steps of the distribution, each a quarter more than the one before. */
function distribution(all: readonly number[]): Measured['distribution'] {
  const counts = new Map<number, number>();
  for (const ms of all) {
    const step = Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(1.25));
    counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const [first, last] = [Math.min(...counts.keys()), Math.max(...counts.keys())];
  const steps = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return steps.map((step) => ({ ms: 1.25 ** step, count: counts.get(step) ?? 0 }));
}
