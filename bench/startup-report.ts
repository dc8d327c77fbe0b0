import { median } from '../load/percentile.ts';
import { markdownTable } from '../load/text-table.ts';
import type { Event } from './timeline.ts';

/** What brings the product up. */
export type Kind = 'ours' | 'exported' | 'plain';

/** What was seen of one start; seconds since the beginning. */
export interface Started {
  readonly events: readonly Event[];
  /** The first moment when both a page and the API had given a good answer. */
  readonly answered: number;
  /** When the command had ended. */
  readonly ended: number;
  /** Seconds of CPU that the whole machine was busy until then. */
  readonly cpu: number;
}

/** What happens on the way, in order. */
export const phases = [
  'first container',
  'Postgres runs',
  'Postgres is healthy',
  'migrations done',
  'a candidate is well',
  'product-apis run',
  'product-apis are healthy',
  'edge runs',
  'first good answer',
  'the command has ended',
] as const;
export type Phase = (typeof phases)[number];

/** Those that come one after the other in ours and in its export alike. */
const steps: readonly Phase[] = [
  'first container',
  'Postgres runs',
  'Postgres is healthy',
  'migrations done',
  'first good answer',
];
export type Phases = Readonly<Partial<Record<Phase, number>>>;

/** What is reported of one start. */
export interface Start {
  readonly kind: Kind;
  readonly phases: Phases;
  /** How many were made, of any kind. */
  readonly containers: number;
  readonly cpu: number;
}

/** Reads what was seen. */
export function startOf(kind: Kind, started: Started): Start {
  const containers = started.events.filter(({ action }) => action === 'create').length;
  return { kind, phases: phasesOf(started), containers, cpu: started.cpu };
}

const titles: Readonly<Record<Kind, string>> = {
  ours: 'ours: `pulumi up`',
  exported: 'its export: `docker compose up --wait`',
  plain: '(d) plain compose: `docker compose up`',
};

/** How much longer ours may take than its export. */
const goal = 1.5;

/** Reads the events; the services of plain compose have other names. */
export function phasesOf({ events, answered, ended }: Omit<Started, 'cpu'>): Phases {
  const at = (services: readonly string[], action: string, role = 'replica') =>
    last(
      events.filter(
        (one) =>
          one.action === action && services.includes(one.service) && (one.role === role || !isRole(one.role)),
      ),
    );
  const found: Partial<Record<Phase, number | undefined>> = {
    'first container': Math.min(...events.map((event) => event.at)),
    'Postgres runs': at(['database', 'db'], 'start'),
    'Postgres is healthy': at(['database'], 'health_status: healthy'),
    // Ours goes on when the job says that it is done, compose when it has ended.
    'migrations done': wellAt(events, 'migrate', 'job') ?? at(['migrate'], 'die', 'job'),
    'a candidate is well': wellAt(events, 'product-api', 'candidate'),
    'product-apis run': at(['product-api', 'api'], 'start'),
    'product-apis are healthy': at(['product-api'], 'health_status: healthy'),
    'edge runs': at(['edge', 'web'], 'start'),
    'first good answer': answered,
    'the command has ended': ended,
  };
  return Object.fromEntries(Object.entries(found).filter(([, seconds]) => seconds !== undefined));
}

/** The table as Markdown, and what makes the difference. */
export function startupReport(starts: readonly Start[], machine: string): string {
  const kinds = (Object.keys(titles) as Kind[]).filter((kind) => ofKind(starts, kind).length > 0);
  const of = (kind: Kind, phase: Phase) => middle(ofKind(starts, kind), phase);
  const costs = (what: 'containers' | 'cpu') =>
    kinds.map((kind) => median(ofKind(starts, kind).map((start) => start[what])));
  const rows = [
    ...phases.map((phase) => [phase, ...kinds.map((kind) => shown(of(kind, phase)))]),
    ['containers made', ...costs('containers').map(String)],
    ['seconds of CPU of the whole machine until the command has ended', ...costs('cpu').map(shown)],
  ];
  return [
    `\`npm run bench:startup\`: ${machine}. Seconds since the command was called; the median of ${starts.length / kinds.length} starts, in turn. Ours and its export are the same services with the same settings; both have their images built, of layers that the engine has (plain compose has its images), and make networks, passwords, a certificate and a catalogue of 5,000.`,
    markdownTable(['', ...kinds.map((kind) => titles[kind])], rows),
    verdict(starts),
    difference(of),
  ].join('\n\n');
}

function ofKind(starts: readonly Start[], kind: Kind): readonly Start[] {
  return starts.filter((start) => start.kind === kind);
}

/** Compares round by round: the machine's pace changes from one minute to the next. */
export function verdict(starts: readonly Start[]): string {
  const answers = (kind: Kind) => ofKind(starts, kind).map(({ phases }) => phases['first good answer']!);
  const theirs = answers('exported');
  const ratios = answers('ours').map((seconds, round) => seconds / theirs[round]!);
  const [ratio, lowest, highest] = [median(ratios), Math.min(...ratios), Math.max(...ratios)];
  const spread = `${lowest.toFixed(2)} – ${highest.toFixed(2)}`;
  return `Goal, ours : its export to the first good answer, the median of the rounds ≤ ${goal}: ${ratio.toFixed(2)} (${spread}), ${ratio <= goal ? 'met' : '**missed**'}.`;
}

/** What ours does more than its export, from one phase to the next. */
export function difference(of: (kind: Kind, phase: Phase) => number | undefined): string {
  const shared = steps.filter(
    (phase) => of('ours', phase) !== undefined && of('exported', phase) !== undefined,
  );
  const parts = shared.map((phase, index) => {
    const step = (kind: Kind) => of(kind, phase)! - (index > 0 ? of(kind, shared[index - 1]!)! : 0);
    return { phase, more: step('ours') - step('exported') };
  });
  const largest = parts.filter(({ more }) => Math.abs(more) >= 0.5).sort((a, b) => b.more - a.more);
  const text = largest.map(
    ({ phase, more }) => `${more > 0 ? '+' : '−'}${Math.abs(more).toFixed(1)} s until “${phase}”`,
  );
  return `The difference between ours and its export, step by step: ${text.join(', ') || 'less than half a second each'}. Until the first container Pulumi starts its language host and providers, asks the engine what is there and looks at the images. After that ours makes more containers: of a file check, of what fills a volume, and a candidate beside the replicas; and keeps a record of each step.`;
}

/** Only ours tells roles. */
function wellAt(events: readonly Event[], service: string, role: string): number | undefined {
  const well = (one: Event) => one.action === 'health_status: healthy';
  return events.find((one) => well(one) && one.service === service && one.role === role)?.at;
}

function isRole(role: string): boolean {
  return ['replica', 'candidate', 'job', 'check', 'loader'].includes(role);
}

function last(events: readonly Event[]): number | undefined {
  return events.length > 0 ? Math.max(...events.map(({ at }) => at)) : undefined;
}

function middle(starts: readonly Start[], phase: Phase): number | undefined {
  const all = starts.map((start) => start.phases[phase]).filter((seconds) => seconds !== undefined);
  return all.length > 0 ? median(all) : undefined;
}

function shown(seconds: number | undefined): string {
  return seconds === undefined ? '' : seconds.toFixed(1);
}
