import type { DockerCli } from '../engine/docker-cli.ts';
import { labelKeys } from '../stacks/labels.ts';
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

/** Calls `onLine` for every new line of the stack, replicas that start later included. Returns what ends it. */
export async function followLogs(
  docker: DockerCli,
  query: LogQuery,
  onLine: (line: LogLine) => void,
): Promise<() => void> {
  const followed = new Set<string>();
  const follow = ({ id, name }: { id: string; name: string }) => {
    if (followed.has(id)) return;
    followed.add(id);
    // From now on: a container that is restarted goes on in the same log.
    docker.follow(
      ['logs', '--follow', '--timestamps', '--tail', '0', id],
      (line) => onLine(parseLine(short(name), line)),
      true,
    );
  };
  const filters = ['type=container', 'event=start', `label=${labelKeys.stack}=${query.stack}`];
  const end = docker.follow(
    [
      'events',
      ...filters.flatMap((filter) => ['--filter', filter]),
      '--format',
      '{{.ID}} {{.Actor.Attributes.name}}',
    ],
    (line) => {
      const [id = '', name = ''] = line.split(' ');
      if (query.service === undefined || short(name).replace(/-\d+$/, '') === query.service)
        follow({ id, name });
    },
  );
  for (const one of await wanted(docker, query)) follow(one);
  return end;
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
