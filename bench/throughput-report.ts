import { figure, markdownTable } from '../load/text-table.ts';
import { subjects, type SubjectKey } from './arena.ts';
import { bars } from './bars.ts';
import { goals } from './goals.ts';
import { resultOf, type Result, type Run } from './throughput.ts';
import { connections, type Script } from './wrk.ts';

const own: readonly SubjectKey[] = ['a', 'b', 'c'];

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
): string {
  const loads = runs.map(({ before }) => before);
  return [
    `\`npm run bench\`: ${machine}. ${connections} connections, ${rounds} rounds in turn of ${seconds} s each after a warm-up that does not count; the median, and the lowest and highest. Before the runs the load average was ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}; this benchmark itself makes up to 6 of it.`,
    '![Reads](results.svg)',
    '**Reads**: a page of 20 products out of 5,000; the pages out of 24',
    rateTable(results(runs, 'read')),
    '**Nine reads and a write**',
    rateTable(results(runs, 'mixed')),
    '**Goals**, for reads',
    goalTable(results(runs, 'read')),
    '**Where the CPU goes**: microseconds of CPU for one read, by service',
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

function goalTable(all: Partial<Record<SubjectKey, Result>>): string {
  const rows = goals(all).map(({ text, wanted, measured, met }) => [
    text,
    wanted,
    measured,
    met ? 'met' : '**missed**',
  ]);
  return markdownTable(['', 'goal', 'measured', ''], rows);
}

function cpuTable(all: Partial<Record<SubjectKey, Result>>): string {
  const services = ['wrk', 'proxy', 'storefront', 'product-api', 'database'];
  const rows = (Object.entries(all) as [SubjectKey, Result][]).map(([key, { cpu }]) => {
    const parts = services.map((name) => cpu[name]);
    const sum = parts.reduce<number>((total, part) => total + (part ?? 0), 0);
    return [`(${key})`, ...parts.map((part) => (part === undefined ? '' : figure(part))), figure(sum)];
  });
  return markdownTable(['', ...services, 'all'], rows);
}
