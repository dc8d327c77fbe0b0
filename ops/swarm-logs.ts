import type { DockerCli } from '../engine/docker-cli.ts';
import { labelKeys } from '../stacks/labels.ts';
import type { LogQuery } from './follow-logs.ts';
import type { LogLine } from './log-lines.ts';
import { swarmServices } from './swarm-tasks.ts';

/** The past lines of all tasks on all nodes, in the order of their time; a manager fetches them. @throws DockerError */
export async function pastTaskLogs(docker: DockerCli, query: LogQuery): Promise<LogLine[]> {
  const services = await wanted(docker, query);
  const lines = await Promise.all(
    services.map(async ({ id, service }) => {
      const args = ['service', 'logs', '--timestamps', '--no-trunc', '--tail', String(query.tail), id];
      return (await docker.bothStreams(...args)).map((line) => parseTaskLine(service, line));
    }),
  );
  return lines.flat().sort((a, b) => a.time.localeCompare(b.time));
}

/** Calls `onLine` for every new line, of tasks that start later too. Returns what ends it. */
export async function followTaskLogs(
  docker: DockerCli,
  query: LogQuery,
  onLine: (line: LogLine) => void,
): Promise<() => void> {
  const ends = (await wanted(docker, query)).map(({ id, service }) =>
    docker.follow(
      ['service', 'logs', '--timestamps', '--no-trunc', '--follow', '--tail', '0', id],
      (line) => onLine(parseTaskLine(service, line)),
      true,
    ),
  );
  return () => ends.forEach((end) => end());
}

async function wanted(
  docker: DockerCli,
  { stack, service }: LogQuery,
): Promise<{ id: string; service: string }[]> {
  const services = await swarmServices(docker, stack);
  return services
    .map(({ ID: id, Spec: { Labels } }) => ({ id, service: Labels[labelKeys.service] ?? '?' }))
    .filter((one) => service === undefined || one.service === service);
}

/** `TIME NAME.2.TASK@n1    | text`: the source is `product-api.2@n1`, and `edge@n1` of what is on every node, whose number is 0. */
export function parseTaskLine(service: string, line: string): LogLine {
  const [, time = '', task = '', text = line] = /^(\S+) (\S+)\s+\| ?(.*)$/.exec(line) ?? [];
  const [, slot = '0', node = ''] = /\.(\d{1,3})\.[^.@]+@(.*)$/.exec(task) ?? [];
  return { source: `${service}${slot === '0' ? '' : `.${slot}`}@${node}`, time, text };
}
