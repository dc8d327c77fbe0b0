import os from 'node:os';
import { median } from '../load/percentile.ts';
import type { Arena, Subject, SubjectKey } from './arena.ts';
import { usage } from './containers.ts';
import { busyCores } from './machine.ts';
import type { Figures, Script } from './wrk.ts';

/** One run of one subject. */
export interface Run extends Figures {
  readonly key: SubjectKey;
  readonly script: Script;
  /** CPU time of each service for one request, microseconds. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Cores of the machine that were busy. */
  readonly busy: number;
  /** The machine's load average just before. */
  readonly before: number;
}

/** The median of a subject's runs, and how far they lie apart. */
export interface Result {
  readonly rate: number;
  readonly lowest: number;
  readonly highest: number;
  readonly p50: number;
  readonly p99: number;
  readonly lost: number;
  readonly busy: number;
  readonly cpu: Readonly<Record<string, number>>;
}

/** Seconds. At first until V8 has compiled what is asked often, in each replica. */
const warmUp = { first: 6, later: 1 };

/** Asks the subjects in turn, `rounds` times; what is asked to warm up does not count. */
export async function measure(
  arena: Arena,
  wanted: (key: SubjectKey) => boolean,
  { rounds, seconds }: { rounds: number; seconds: number },
  tell: (run: Run) => void,
): Promise<Run[]> {
  const subjects = (await arena.subjects()).filter(({ key }) => wanted(key));
  const plan = (['read', 'pages', 'mixed'] as const).flatMap((script) =>
    subjects.filter(({ scripts }) => scripts.includes(script)).map((subject) => ({ subject, script })),
  );
  const runs: Run[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { subject, script } of plan) {
      const run = await once(arena, subject, script, {
        seconds,
        warm: round === 0 ? warmUp.first : warmUp.later,
      });
      tell(run);
      runs.push(run);
    }
  }
  return runs;
}

async function once(
  arena: Arena,
  subject: Subject,
  script: Script,
  { seconds, warm }: { seconds: number; warm: number },
): Promise<Run> {
  const before = os.loadavg()[0]!;
  await arena.wrk.ask(subject.url, script, warm);
  const containers = { ...subject.containers, wrk: [arena.wrk.name] };
  const begun = await cpuOf(containers);
  const [figures, busy] = await Promise.all([
    arena.wrk.ask(subject.url, script, seconds),
    busyCores(seconds),
  ]);
  const ended = await cpuOf(containers);
  const cpu = Object.fromEntries(
    Object.keys(containers).map((name) => [name, (ended[name]! - begun[name]!) / figures.requests]),
  );
  return { key: subject.key, script, before, cpu, busy, ...figures };
}

async function cpuOf(containers: Subject['containers']): Promise<Record<string, number>> {
  const sums = Object.entries(containers).map(async ([name, ids]) => {
    const all = await usage(ids);
    return [name, all.reduce((sum, { cpu }) => sum + cpu, 0)] as const;
  });
  return Object.fromEntries(await Promise.all(sums));
}

/** Medians and spread of the runs of a subject; undefined when there are none. */
export function resultOf(runs: readonly Run[], key: SubjectKey, script: Script): Result | undefined {
  const own = runs.filter((run) => run.key === key && run.script === script);
  if (own.length === 0) return undefined;
  const rates = own.map(({ rate }) => rate);
  const services = Object.keys(own[0]!.cpu);
  return {
    rate: median(rates),
    lowest: Math.min(...rates),
    highest: Math.max(...rates),
    p50: median(own.map(({ p50 }) => p50)),
    p99: median(own.map(({ p99 }) => p99)),
    lost: own.reduce((sum, { lost }) => sum + lost, 0),
    busy: median(own.map(({ busy }) => busy)),
    cpu: Object.fromEntries(services.map((name) => [name, median(own.map(({ cpu }) => cpu[name]!))])),
  };
}
