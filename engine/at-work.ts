import { hostname } from 'node:os';
import { labelKeys, stackPrefix } from '../stacks/labels.ts';
import { closed } from './closed-run.ts';
import { DockerError, type DockerCli, type Held } from './docker-cli.ts';

/** Work on the data of a stack that bears no other beside it. */
export interface Work {
  readonly stack: string;
  /** For a person: `a restore of 2026-11-24T03-00-00Z`. */
  readonly what: string;
  /** A container of the stack: its image is on the engine. */
  readonly beside: string;
}

/**
 * Does `work` while nothing else of its kind is at work on the same stack, wherever it was started. A container says so, which is there for
 * as long as this process is; the engine gives its name once. What an earlier run has left is therefore of one that was killed.
 * @throws Error that names what is at work.
 */
export async function alone<T>(docker: DockerCli, work: Work, act: () => Promise<T>): Promise<T> {
  const held = await hold(docker, work);
  try {
    return await act();
  } finally {
    await held.release();
  }
}

async function hold(docker: DockerCli, work: Work): Promise<Held> {
  const image = (await docker.run('inspect', '--format', '{{.Image}}', work.beside)).trim();
  for (const until = Date.now() + 20_000; ;) {
    try {
      return await docker.held([...containerOptions(work), image, '-c', 'echo held; exec cat']);
    } catch (error) {
      const isTaken =
        error instanceof DockerError && error.message.includes('is already in use by container');
      if (!isTaken || Date.now() > until) throw error;
    }
    await lookAtOther(docker, work.stack);
  }
}

const whatLabel = 'product-stack.work';
const byLabel = 'product-stack.work-by';

function containerOptions({ stack, what }: Work): string[] {
  const labels = {
    [labelKeys.stack]: stack,
    [labelKeys.role]: 'job',
    [labelKeys.service]: 'at-work',
    [whatLabel]: what,
    [byLabel]: `process ${process.pid} on ${hostname()}`,
  };
  return [
    ...['run', '--rm', '--interactive', '--name', containerName(stack), '--network', 'none'],
    ...Object.entries(labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...closed({ user: '65534:65534', memoryMiB: 32, cpus: 0.5, tmpfs: {} }),
    ...['--entrypoint', 'sh'],
  ];
}

function containerName(stack: string): string {
  return `${stackPrefix(stack)}-at-work`;
}

/** Gives one that is just coming or going a moment, and removes one that a power cut has left. @throws Error when it is at work. */
async function lookAtOther(docker: DockerCli, stack: string): Promise<void> {
  const values = [
    '.State.Status',
    '.Created',
    ...[whatLabel, byLabel].map((label) => `index .Config.Labels "${label}"`),
  ];
  const format = `[${values.map((value) => `{{json (${value})}}`).join(',')}]`;
  const text = await docker.run('inspect', '--format', format, containerName(stack)).catch(() => undefined);
  if (text === undefined) return;
  const [status, created, what, by] = JSON.parse(text) as [string, string, string, string];
  if (status === 'running') throw new Error(busyText(stack, what, by, created));
  if (status === 'exited' || Date.now() - Date.parse(created) > 10_000)
    await docker.run('rm', '--force', containerName(stack)).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 300));
}

function busyText(stack: string, what: string, by: string, created: string): string {
  return `${stack}: ${what} is at work since ${created.slice(0, 19)}Z, ${by}. Nothing was changed. Try again when it is done`;
}
