import { figure, markdownTable } from '../load/text-table.ts';
import { subjects, type SubjectKey } from './arena.ts';
import { bars } from './bars.ts';
import { cpuOf, goals } from './goals.ts';
import { resultOf, type Result, type Run } from './throughput.ts';
import { connections, type Script } from './wrk.ts';

const own: readonly SubjectKey[] = ['a', 'b', 'b-cache', 'c'];

/** Medians of all subjects for which there are runs. */
function results(runs: readonly Run[], script: Script): Partial<Record<SubjectKey, Result>> {
  const all = (Object.keys(subjects) as SubjectKey[]).map((key) => [key, resultOf(runs, key, script)]);
  return Object.fromEntries(all.filter(([, result]) => result !== undefined));
}

/** All tables as Markdown. */
export function throughputReport(
  runs: readonly Run[],
  machine: string,
  rounds: number,
  seconds: number,
  cores: number,
): string {
  const loads = runs.map(({ before }) => before);
  return [
    `\`npm run bench\`: ${machine}. ${connections} connections, ${rounds} rounds in turn of ${seconds} s each after a warm-up that does not count; the median, and the lowest and highest. Before the runs the load average was ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}; this benchmark itself makes up to 6 of it.`,
    '![Reads](results.svg)',
    '**Reads**: everybody reads the same page of 20 products out of 5,000; (c) and (d-page) read it as HTML, with 24',
    rateTable(results(runs, 'read')),
    '**Reads of another page each time**: no two that are the same are in flight together, so none can share an answer. (a0) does not know of pages and gives the first one',
    rateTable(results(runs, 'pages')),
    ratios(results(runs, 'pages')),
    '**Nine reads and a write**',
    rateTable(results(runs, 'mixed')),
    ratios(results(runs, 'mixed')),
    '**Goals**, for reads',
    goalTable(results(runs, 'read'), cores),
    ...reasons(results(runs, 'read'), cores),
    '**Where the CPU goes**: microseconds of CPU for one read, by service; the rest is the kernel’s, with packets on their way, and the engine’s, with logs and probes',
    cpuTable(results(runs, 'read')),
  ].join('\n\n');
}

/** The chart of reads. */
export function throughputChart(runs: readonly Run[]): string {
  const all = Object.entries(results(runs, 'read')) as [SubjectKey, Result][];
  return bars(
    'Reads per second',
    all.map(([key, { rate: value, lowest, highest }]) => ({
      name: `(${key}) ${subjects[key].replace(', asked directly', '')}`,
      value,
      lowest,
      highest,
      own: own.includes(key),
    })),
  );
}

function rateTable(all: Partial<Record<SubjectKey, Result>>): string {
  const head = ['', 'per second', 'lowest – highest', 'p50 ms', 'p99 ms', 'lost'];
  const rows = (Object.entries(all) as [SubjectKey, Result][]).map(([key, one]) => [
    `(${key}) ${subjects[key]}`,
    figure(one.rate),
    `${figure(one.lowest)} – ${figure(one.highest)}`,
    ...[one.p50, one.p99, one.lost].map(figure),
  ]);
  return markdownTable(head, rows);
}

function goalTable(all: Partial<Record<SubjectKey, Result>>, cores: number): string {
  const rows = goals(all, cores).map(({ text, wanted, measured, met }) => [
    text,
    wanted,
    measured,
    met ? 'met' : '**missed**',
  ]);
  return markdownTable(['', 'goal', 'measured', ''], rows);
}

/** How (b) stands, where nobody has set a goal. */
function ratios(all: Partial<Record<SubjectKey, Result>>): string {
  const others = (['a', 'd', 'e'] as const).filter((key) => all[key]);
  return `${others.map((key) => `(b) : (${key}) ${(all.b!.rate / all[key]!.rate).toFixed(2)}`).join(', ')}.`;
}

/** Why goals were missed, as far as the figures tell. */
function reasons(all: Partial<Record<SubjectKey, Result>>, cores: number): string[] {
  const missed = goals(all, cores).filter(({ met, why }) => !met && why);
  const before = all['d-old'] && (all.b!.rate / all['d-old'].rate).toFixed(2);
  return [
    ...missed.map(({ text, why }) => `Missed, ${text}: ${why}`),
    ...(before
      ? [
          `(d) and (b) are the same nginx. Since 1.29.7 it keeps connections to upstreams without being told, which the goal of 1.7 did not know: as nginx did it before (d-old), (b) stands at ${before}.`,
        ]
      : []),
  ];
}

function cpuTable(all: Partial<Record<SubjectKey, Result>>): string {
  const services = ['wrk', 'proxy', 'storefront', 'product-api', 'database'];
  const rows = (Object.entries(all) as [SubjectKey, Result][]).map(([key, result]) => {
    const parts = services.map((name) => result.cpu[name]);
    const { all, rest } = cpuOf(result);
    return [
      `(${key})`,
      ...parts.map((part) => (part === undefined ? '' : figure(part))),
      figure(rest),
      figure(all),
    ];
  });
  return markdownTable(['', ...services, 'the rest', 'all'], rows);
}
