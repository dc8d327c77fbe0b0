import type { DockerCli } from '../engine/docker-cli.ts';
import { labelFilters } from '../stacks/labels.ts';
import { parseLine, type LogLine } from './log-lines.ts';
import { stackContainers, type StackContainer } from './stack-containers.ts';

/** Which logs are wanted. */
export interface LogQuery {
  readonly stack: string;
  /** One service only. */
  readonly service?: string;
  /** Lines of the past, from each container. */
  readonly tail: number;
}

/** The past lines of all containers, in the order of their time. @throws DockerError */
export async function pastLogs(docker: DockerCli, query: LogQuery): Promise<LogLine[]> {
  const containers = await wanted(docker, query);
  const lines = await Promise.all(
    containers.map(async ({ id, name }) =>
      (await docker.logs(id, query.tail)).map((line) => parseLine(short(name), line)),
    ),
  );
  return lines.flat().sort((a, b) => a.time.localeCompare(b.time));
}

/**
 * Calls `onLine` for every new line of the stack, of replicas that start later and of those that start again too: Docker ends a
 * followed log when its container stops. Returns what ends it.
 */
export async function followLogs(
  docker: DockerCli,
  query: LogQuery,
  onLine: (line: LogLine) => void,
): Promise<() => void> {
  const following = new Map<string, () => void>();
  const follow = (id: string, name: string, from: readonly string[]) => {
    following.get(id)?.();
    const args = ['logs', '--follow', '--timestamps', ...from, id];
    following.set(
      id,
      docker.follow(args, (line) => onLine(parseLine(short(name), line)), true),
    );
  };
  const end = docker.follow(startsOf(query), (line) => {
    const { id, name, time } = parseStart(line);
    // A container that is new is read from its first line on.
    if (isWanted(query, name)) follow(id, name, following.has(id) ? ['--since', justBefore(time)] : []);
  });
  for (const { id, name } of await wanted(docker, query)) follow(id, name, ['--tail', '0']);
  return end;
}

function startsOf({ stack }: LogQuery): string[] {
  const starts = ['--filter', 'type=container', '--filter', 'event=start'];
  const format = '{{.ID}} {{.TimeNano}} {{.Actor.Attributes.name}}';
  return ['events', ...starts, ...labelFilters(stack), '--format', format];
}

function parseStart(line: string): { id: string; time: string; name: string } {
  const [id = '', time = '', name = ''] = line.split(' ');
  return { id, time, name };
}

function isWanted({ service }: LogQuery, name: string): boolean {
  return service === undefined || short(name).replace(/-\d+$/, '') === service;
}

/** Nanoseconds as `--since` takes them. A process may write before the engine tells that it started, but not 0.1 s before. */
function justBefore(time: string): string {
  const nanoseconds = String(BigInt(time) - 100_000_000n);
  return `${nanoseconds.slice(0, -9)}.${nanoseconds.slice(-9)}`;
}

async function wanted(docker: DockerCli, { stack, service }: LogQuery): Promise<StackContainer[]> {
  const containers = await stackContainers(docker, stack);
  return containers.filter(
    (one) => one.role !== 'loader' && (service === undefined || one.service === service),
  );
}

/** A container's name without the part that makes it unique: `product-api-2-3f9ab12` is `product-api-2`. */
export function short(name: string): string {
  return name.replace(/-[0-9a-f]{7}$/, '');
}
