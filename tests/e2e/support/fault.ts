import { Load, type LoadReport } from './load.ts';
import type { ContainerInfo } from './test-stack.ts';

/** What faults happen to: a stack, or anything else that serves the product. */
export interface FaultTarget {
  readonly url: string;
  /** Containers that answer users; one is well when its status says so. */
  containers(role: 'replica'): Promise<ContainerInfo[]>;
  /** The names of all products in the database whose name begins with "Test ". */
  testProducts(): Promise<string[]>;
}

/** One row of the fault table. */
export interface FaultRow extends LoadReport {
  readonly fault: string;
  /** Acknowledged writes that are not in the database exactly once. */
  readonly wrong: number;
  /** From the fault until every replica is healthy again. */
  readonly seconds: number;
  /** The smallest number of healthy replicas of each service that was seen. */
  readonly fewest: Readonly<Record<string, number>>;
}

const rows: FaultRow[] = [];

/** Puts load on the target, causes the fault, waits for full strength, and counts what was lost. */
export async function underLoad(
  target: FaultTarget,
  fault: string,
  cause: () => Promise<unknown>,
): Promise<FaultRow> {
  const load = new Load(target.url).start();
  const watch = watchReplicas(target);
  await sleep(1000);
  const begun = Date.now();
  try {
    await cause();
    await fullStrength(target);
  } finally {
    watch.stop();
  }
  const seconds = (Date.now() - begun) / 1000;
  await sleep(2500);
  const report = await load.stop();
  const wrong = await wrongWrites(target, report.acknowledged);
  const row = { ...report, fault, seconds, fewest: watch.fewest, wrong };
  rows.push(row);
  console.log(`      ${describeRow(row)}`);
  return row;
}

function describeRow({ fault, requests, endings, wrong, worst, seconds, fewest }: FaultRow): string {
  const lost = Object.entries(endings).map(([ending, count]) => `${count} × ${ending}`);
  return `${fault}: ${requests} requests, lost ${lost.join(', ') || 'none'}, wrong ${wrong}, worst ${worst} ms, ${seconds.toFixed(1)} s, at least ${JSON.stringify(fewest)}`;
}

/** Acknowledged writes that are missing or doubled in the database. */
async function wrongWrites(target: FaultTarget, acknowledged: readonly string[]): Promise<number> {
  const counts = new Map<string, number>();
  for (const name of await target.testProducts()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return acknowledged.filter((name) => counts.get(name) !== 1).length;
}

/** Waits until every replica runs and is healthy, at most two minutes. */
export async function fullStrength(target: FaultTarget): Promise<void> {
  for (const until = Date.now() + 120_000; Date.now() < until; await sleep(250)) {
    const replicas = await target.containers('replica');
    if (replicas.length > 0 && replicas.every(isWell)) return;
  }
  throw new Error('not at full strength within two minutes');
}

// A container without a health check is only known to run: "Up 3 seconds".
function isWell({ status }: ContainerInfo): boolean {
  return status.includes('(healthy)') || /^Up [^(]*$/.test(status);
}

function watchReplicas(target: FaultTarget): { fewest: Record<string, number>; stop(): void } {
  const fewest: Record<string, number> = {};
  let stopped = false;
  const look = async (): Promise<void> => {
    while (!stopped) {
      const well = (await target.containers('replica').catch(() => [])).filter(isWell);
      for (const service of ['product-api', 'storefront']) {
        const count = well.filter((one) => one.service === service).length;
        fewest[service] = Math.min(fewest[service] ?? Infinity, count);
      }
      await sleep(200);
    }
  };
  void look();
  return { fewest, stop: () => void (stopped = true) };
}

/** The table of all faults so far, as text. */
export function faultTable(): string {
  const head = [
    'fault',
    'requests',
    'lost reads',
    'lost writes',
    'of these keyed',
    'acknowledged',
    'wrong',
    'worst ms',
    'full strength s',
  ];
  const body = rows.map((row) => [
    row.fault,
    row.requests,
    row.lostReads,
    row.lostWrites + row.lostKeyedWrites,
    row.lostKeyedWrites,
    row.acknowledged.length,
    row.wrong,
    row.worst,
    row.seconds.toFixed(1),
  ]);
  const widths = head.map((_, column) =>
    Math.max(...[head, ...body].map((line) => String(line[column]).length)),
  );
  return [head, ...body]
    .map(
      (line) =>
        `      ${line.map((cell, i) => String(cell)[i === 0 ? 'padEnd' : 'padStart'](widths[i]!)).join('  ')}`,
    )
    .join('\n');
}

/** Resolves after `ms` milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
