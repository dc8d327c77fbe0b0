import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Ended {
  readonly code: number;
  /** Both streams, in the order they were written. */
  readonly output: string;
  readonly seconds: number;
}

/** Where and how a command runs. */
export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** After so long it is taken to hang and gets SIGQUIT, on which a Go program prints what it waits for. */
  readonly hangsAfterSeconds?: number;
}

/** Runs a command to its end; never throws because of its exit code. */
export function run(
  command: string,
  args: readonly string[],
  { hangsAfterSeconds, ...options }: RunOptions = {},
): Promise<Ended> {
  const begun = Date.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    const limit = hangsAfterSeconds && setTimeout(() => child.kill('SIGQUIT'), hangsAfterSeconds * 1000);
    child.on('close', (code) => {
      clearTimeout(limit);
      resolve({
        code: code ?? 1,
        output: Buffer.concat(chunks).toString(),
        seconds: (Date.now() - begun) / 1000,
      });
    });
  });
}

/** A command that goes on. */
export interface Begun {
  readonly ended: Promise<Ended>;
  /** As `kill` does: what was begun, and nothing that it began. */
  kill(signal: NodeJS.Signals): void;
  /** As a terminal does: everything in it. */
  killAll(signal: NodeJS.Signals): void;
}

/** Begins a command in a process group of its own. */
export function begin(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): Begun {
  const started = Date.now();
  const child = spawn(command, args, { ...options, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, output, seconds: (Date.now() - started) / 1000 }));
  });
  return {
    ended,
    kill: (signal) => void child.kill(signal),
    killAll: (signal) => void process.kill(-child.pid!, signal),
  };
}

/** Standard output of `docker …`. @throws Error with what the command printed when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const { code, output } = await run('docker', args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${output}`);
  return output.trim();
}

/** Asks again and again until `ask` returns something other than undefined or false. @throws Error after `seconds`. */
export async function eventually<T>(
  seconds: number,
  what: string,
  ask: () => Promise<T | undefined | false>,
): Promise<T> {
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not within ${seconds} s: ${what}`);
}

/** Whether a URL answers with success within a second: a container that is just starting may take a request and forget it. */
export async function isUp(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(1000) })).ok;
}

/**
 * Waits until `ask` says yes 20 times in a row. After a reload of nginx the workers of before still take a connection now and
 * then: on a busy machine for most of a second. @throws Error after `seconds`.
 */
export async function settled(seconds: number, what: string, ask: () => Promise<boolean>): Promise<void> {
  await eventually(seconds, what, async () => {
    for (let inARow = 0; inARow < 20; inARow++) if (!(await ask())) return false;
    return true;
  });
}

/** Removes the images whose repository matches, such as `e2e-compose-1/*`. */
export async function removeImages(reference: string): Promise<void> {
  const names = await docker(
    'images',
    '--filter',
    `reference=${reference}`,
    '--format',
    '{{.Repository}}:{{.Tag}}',
  );
  if (names) await docker('rmi', '--force', ...names.split('\n'));
}
