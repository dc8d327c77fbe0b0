import { figure, markdownTable } from '../load/text-table.ts';

/** What `node --cpu-prof` writes, as far as it is read. Times in microseconds of the machine's monotonic clock. */
export interface CpuProfile {
  readonly startTime: number;
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: CallFrame;
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** A function in a profile; line and column are counted from 0. */
export interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

/** Microseconds for one request, by what they are spent on. */
export type Costs = Readonly<Record<string, number>>;

/** A program under load. */
export interface Profiled {
  readonly name: string;
  /** CPU of all its threads for one request, microseconds. */
  readonly cpu: number;
  /** What its main thread does. */
  readonly costs: Costs;
}

const kinds: [what: string, matches: RegExp][] = [
  ['writing to sockets', /^(writev|writeBuffer|writeUtf8String|writeLatin1String|writeAsciiString) $/],
  ['the log', /^writeString $|node_modules\/(pino|sonic-boom|quick-format|safe-stable)/],
  ['garbage collector', /^\(garbage collector\)/],
  ['Postgres client', /node_modules\/(pg|pg-pool|pg-protocol|pg-types|postgres-\w+)\//],
  ['JSON', /node_modules\/fast-json-stringify|^(stringify|parse) $/],
  [
    'Fastify',
    /node_modules\/(fastify|find-my-way|ajv|fast-querystring|light-my-request|avvio|@fastify|fastq|reusify)/,
  ],
  ['our code', /\/app\/(product-api|kit)\/|\/naive\//],
  ['Node: http and streams', / node:/],
];

/** Sums what was sampled from `from` to `to` by kind, for one of `requests`. */
export function costs(profile: CpuProfile, from: number, to: number, requests: number): Costs {
  const kindOf = new Map(profile.nodes.map(({ id, callFrame }) => [id, kind(callFrame)]));
  const sums: Record<string, number> = {};
  let at = profile.startTime;
  profile.samples.forEach((id, i) => {
    at += profile.timeDeltas[i]!;
    const what = kindOf.get(id)!;
    if (at >= from && at <= to && what !== 'idle')
      sums[what] = (sums[what] ?? 0) + profile.timeDeltas[i]! / requests;
  });
  return sums;
}

function kind({ functionName, url }: CallFrame): string {
  if (functionName === '(idle)' || functionName === '(root)') return 'idle';
  return kinds.find(([, matches]) => matches.test(`${functionName} ${url}`))?.[0] ?? 'other';
}

/** The table as Markdown. */
export function profileReport(all: readonly Profiled[], machine: string): string {
  const whats = [...kinds.map(([what]) => what), 'other'];
  const rows = whats.map((what) => [what, ...all.map(({ costs: one }) => figure(one[what] ?? 0))]);
  return [
    `\`npm run bench:profile\`: ${machine}. Microseconds for one read, at 100 connections; by Node’s profiler, which costs something itself. The last row counts all threads, and the kernel’s work for them.`,
    markdownTable(
      ['', ...all.map(({ name }) => name)],
      [...rows, ['all CPU of the container', ...all.map(({ cpu }) => figure(cpu))]],
    ),
  ].join('\n\n');
}
