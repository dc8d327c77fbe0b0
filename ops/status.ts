import { styleText } from 'node:util';
import type { Topology } from '../stacks/topology.ts';
import type { FiringAlert } from './firing-alerts.ts';
import type { StackContainer } from './stack-containers.ts';

/** One service, as `npm run status` shows it. */
export interface ServiceStatus {
  readonly service: string;
  readonly wanted: number;
  readonly running: number;
  /** `healthy`, or what its replicas are: `1 unhealthy`. */
  readonly health: string;
  readonly version: string;
  readonly restarts: number;
  /** When the youngest replica was started; empty when none runs. */
  readonly since: string;
}

/** A stack, as `npm run status` shows it. */
export interface StackStatus {
  readonly stack: string;
  readonly urls: readonly string[];
  readonly services: readonly ServiceStatus[];
  readonly jobs: readonly { readonly job: string; readonly state: string }[];
  readonly volumes: readonly { readonly volume: string; readonly size: string }[];
  readonly alerts: readonly FiringAlert[];
  /** Whether everything runs that should, and is healthy, and no critical alert fires. */
  readonly well: boolean;
}

/** What a stack's containers amount to. Pure. */
export function statusOf(
  topology: Topology,
  containers: readonly StackContainer[],
  volumes: StackStatus['volumes'],
  alerts: StackStatus['alerts'] = [],
): StackStatus {
  const services = topology.services.map(({ name, replicas }) =>
    serviceStatus(
      name,
      replicas,
      containers.filter(({ service, role }) => service === name && role === 'replica'),
    ),
  );
  const jobs = topology.jobs.map(({ name }) => ({
    job: name,
    state: containers.find(({ service, role }) => service === name && role === 'job')?.state ?? 'never ran',
  }));
  const well = services.every(isWell) && alerts.every(({ severity }) => severity !== 'critical');
  return { stack: topology.stack, urls: urls(topology), services, jobs, volumes, alerts, well };
}

function serviceStatus(service: string, wanted: number, replicas: readonly StackContainer[]): ServiceStatus {
  const running = replicas.filter(({ state }) => state === 'running');
  return {
    service,
    wanted,
    running: running.length,
    health: healthOf(replicas),
    version:
      [...new Set(replicas.map(({ image }) => image.replace(/^product-stack-[^/]*\//, '')))].join(', ') ||
      '-',
    restarts: replicas.reduce((sum, { restarts }) => sum + restarts, 0),
    since:
      running
        .map(({ started }) => started.slice(0, 19) + 'Z')
        .sort()
        .at(-1) ?? '',
  };
}

function healthOf(replicas: readonly StackContainer[]): string {
  const notes = replicas
    .map(({ state, health, outOfMemory }) =>
      state === 'running' ? (health ?? 'healthy') : outOfMemory ? 'out of memory' : state,
    )
    .filter((note) => note !== 'healthy');
  if (replicas.length === 0) return 'none';
  const counted = [...new Set(notes)].map((note) => `${notes.filter((one) => one === note).length} ${note}`);
  return counted.join(', ') || 'healthy';
}

function urls({ services }: Topology): string[] {
  return services.flatMap(({ publish }) =>
    publish.map(
      ({ address, hostPort, setting }) =>
        `${setting === 'httpsPort' ? 'https' : 'http'}://${address}:${hostPort}`,
    ),
  );
}

/** The status as one screen of text; colours only where the terminal shows them. */
export function statusText({ stack, urls, services, jobs, volumes, alerts, well }: StackStatus): string {
  const rows = services.map((one) => [
    one.service,
    `${one.running}/${one.wanted}`,
    one.health,
    one.version,
    String(one.restarts),
    one.since,
  ]);
  const table = columns([['service', 'running', 'health', 'version', 'restarts', 'since'], ...rows]);
  return [
    `${stack}: ${well ? styleText('green', 'all well') : styleText('red', 'not well')}   ${urls.join('   ')}`,
    ...alerts.map((one) => styleText('red', `${one.severity}: ${one.summary}. ${one.do}`)),
    '',
    ...table.map((line, index) =>
      index > 0 && !isWell(services[index - 1]!) ? styleText('red', line) : line,
    ),
    '',
    ...jobs.map(({ job, state }) => `job ${job}: ${state}`),
    ...volumes.map(({ volume, size }) => `volume ${volume}: ${size}`),
  ].join('\n');
}

function isWell({ running, wanted, health }: ServiceStatus): boolean {
  return running === wanted && health === 'healthy';
}

/** Cells under each other. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
