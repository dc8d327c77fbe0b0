import type { DockerCli } from '../docker-cli.ts';

/** A task as `docker inspect` tells it, as far as it is read here. */
export interface Task {
  readonly ID: string;
  readonly Slot?: number;
  readonly NodeID?: string;
  readonly CreatedAt: string;
  readonly DesiredState: string;
  readonly Status: {
    readonly State: string;
    readonly Timestamp: string;
    readonly Err?: string;
    readonly Message?: string;
    readonly ContainerStatus?: { readonly ContainerID?: string; readonly ExitCode?: number };
  };
}

/** All tasks of a service, the newest first. @throws DockerError when there is no such service. */
export async function tasksOf(docker: DockerCli, service: string): Promise<Task[]> {
  const ids = await docker.lines('service', 'ps', '--quiet', '--no-trunc', service);
  if (ids.length === 0) return [];
  const tasks = JSON.parse(await docker.run('inspect', '--type', 'task', ...ids)) as Task[];
  return tasks.sort((a, b) => b.CreatedAt.localeCompare(a.CreatedAt));
}

/** Whether a task ended, and not because it was told to. */
export function hasFailed({ Status: { State } }: Task): boolean {
  return State === 'failed' || State === 'rejected';
}

/** Why a task is not what it should be, with the last lines that it wrote. */
export async function explainTask(docker: DockerCli, task: Task): Promise<string[]> {
  const { State, Err, Message } = task.Status;
  const node = task.NodeID ? await nodeName(docker, task.NodeID) : 'no node';
  const lines = await docker.bothStreams('service', 'logs', '--raw', '--tail', '15', task.ID);
  return [
    `a task on ${node} is ${State}: ${Err ?? Message ?? 'no reason given'}`,
    ...lines.map((line) => `    ${line}`),
  ];
}

async function nodeName(docker: DockerCli, id: string): Promise<string> {
  const name = await docker
    .run('node', 'inspect', '--format', '{{.Description.Hostname}}', id)
    .catch(() => id);
  return name.trim();
}
