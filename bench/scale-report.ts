import { figure, markdownTable } from '../load/text-table.ts';
import type { Figures } from './wrk.ts';

/** One number of replicas. Times in seconds, memory in MiB for one replica after the load. */
export interface Step {
  readonly replicas: number;
  readonly up: number;
  readonly preview: number;
  readonly memory: number;
  /** Cores of the machine that are busy while nobody asks: probes, and whatever else the machine does. */
  readonly rest: number;
  /** With a CPU each, and the cores of the machine that were busy. */
  readonly full: Figures & { readonly busy: number };
  /** The same with a tenth of a CPU each. */
  readonly tenth: Figures & { readonly busy: number };
}

/** So many that they are only previewed and exported; seconds. */
export interface Many {
  readonly replicas: number;
  readonly preview: number;
  readonly exported: number;
}

const columns = [
  'product-apis',
  'up, s',
  'preview, s',
  'MiB each',
  'cores busy at rest',
  'reads per second',
  'cores busy',
  'with 0.1 CPU each',
  'for each',
  'cores busy',
  'lost',
];

/** The tables as Markdown, with what they mean. */
export function scaleReport(steps: readonly Step[], many: Many, machine: string, cores: number): string {
  return [
    `\`npm run bench:scale\`: ${machine}. 100 connections through edge, another page each time. \`up\` of the first row is from nothing with the images built or cached; of the others, it adds what is missing.`,
    markdownTable(columns, steps.map(row)),
    explain(steps, cores),
    `${many.replicas} product-apis: preview in ${many.preview.toFixed(1)} s (with \`databaseMaxConnections\` 800, as they need more than the usual 300), export in ${many.exported.toFixed(1)} s, and compose reads it.`,
  ].join('\n\n');
}

function row({ replicas, up, preview, memory, rest, full, tenth }: Step): (string | number)[] {
  return [
    replicas,
    ...[up, preview].map((seconds) => seconds.toFixed(1)),
    figure(memory),
    rest.toFixed(2),
    figure(full.rate),
    full.busy.toFixed(1),
    figure(tenth.rate),
    figure(tenth.rate / replicas),
    tenth.busy.toFixed(1),
    full.lost + tenth.lost,
  ];
}

/** Whether throughput grows with the replicas, and where the machine itself is at its end. */
export function explain(steps: readonly Step[], cores: number): string {
  const free = steps.filter(({ tenth }) => tenth.busy < 0.75 * cores);
  const each = free.map(({ tenth, replicas }) => tenth.rate / replicas);
  const spread = each.length > 1 ? Math.max(...each) / Math.min(...each) : 1;
  const full = steps.find((step) => step.full.busy >= 0.75 * cores);
  return [
    ...(full
      ? [
          `With a CPU each, ${full.replicas} ${full.replicas > 1 ? 'replicas keep' : 'replica keeps'} ${full.full.busy.toFixed(1)} of the ${cores} cores busy, together with edge, Postgres and what asks: more replicas share them and do not add any.`,
        ]
      : []),
    ...fall(steps),
    ...(free.length > 1
      ? [
          `With a tenth of a CPU each, the machine has room for up to ${free.at(-1)!.replicas}, and a replica does as much beside others as alone, within a factor of ${spread.toFixed(2)}.`,
        ]
      : []),
  ].join(' ');
}

/** What more processes than the cores can serve cost. */
function fall(steps: readonly Step[]): string[] {
  const best = steps.reduce((one, other) => (other.full.rate > one.full.rate ? other : one));
  const last = steps.at(-1)!;
  if (last.full.rate > 0.8 * best.full.rate) return [];
  return [
    `From ${best.replicas} to ${last.replicas} of them reads fall from ${figure(best.full.rate)} to ${figure(last.full.rate)} a second: each process that is added takes more from the others than it brings.`,
  ];
}
