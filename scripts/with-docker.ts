import { createInterface } from 'node:readline/promises';
import { DockerCli } from '../engine/docker-cli.ts';
import type { Settings } from '../stacks/settings.ts';
import { readDockerHost } from '../stacks/stack-file.ts';

/**
 * Runs a command on the engine that `stack` is on; what goes wrong is one line, and the exit code 1.
 * @param node of a Swarm, the engine of the node with the data, as a manager cannot reach into containers of others.
 */
export async function withDocker(
  stack: string,
  command: (docker: DockerCli) => Promise<void>,
  node?: string,
): Promise<void> {
  try {
    await command(new DockerCli(node ?? readDockerHost(stack)));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}

/** Says when Ctrl-C or SIGTERM came, which from now on do not end this process: who asked for it stops what it does, and cleans up. */
export function untilStopped(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => controller.abort(new Error('stopped; nothing was changed')));
  return controller.signal;
}

/** Tells a person at work; standard output is for results. */
export function tell(line: string): void {
  console.error(line);
}

/** Asks for the stack's name before something that cannot be overlooked. @throws Error when it is not given. */
export async function confirm(question: string, stack: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new Error(`${question} Add --yes to go on without being asked. Nothing was changed.`);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} Type its name, ${stack}, to go on: `);
  terminal.close();
  if (answer !== stack) throw new Error('Nothing was changed.');
}

/** Stops what works on one engine only. @throws Error that says what to do instead. */
export function needOneEngine({ stack, engine }: Pick<Settings, 'stack' | 'engine'>, instead: string): void {
  if (engine === 'swarm') throw new Error(`${stack} is on a Swarm, and this works on one engine. ${instead}`);
}
