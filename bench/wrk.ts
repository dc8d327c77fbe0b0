import { fileURLToPath } from 'node:url';
import { docker } from '../tests/e2e/support/run.ts';

const image = 'product-stack/wrk:1';
const scripts = fileURLToPath(new URL('wrk', import.meta.url));

/** What one run of wrk has measured. */
export interface Figures {
  readonly requests: number;
  /** Requests per second. */
  readonly rate: number;
  /** Requests without a good answer. */
  readonly lost: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** What is asked: the same page by everybody, another page each time, or a write for every nine reads of the same. */
export type Script = 'read' | 'pages' | 'mixed';

/** Connections that ask at the same time. */
export const connections = 100;

/** A container that asks others, on their networks: no host port, no address translation in between. */
export class Wrk {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async start(networks: readonly string[]): Promise<void> {
    const mount = ['--mount', `type=bind,source=${scripts},target=/wrk,readonly`];
    const container = ['--init', '--name', this.name, '--network', networks[0]!, ...mount];
    await docker('run', '--detach', ...container, image, 'tail', '-f', '/dev/null');
    for (const network of networks.slice(1)) await docker('network', 'connect', network, this.name);
  }

  /** Asks `url` for `seconds` with all connections at once. */
  async ask(url: string, script: Script, seconds: number): Promise<Figures> {
    const load = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s', '-s', `/wrk/${script}.lua`];
    const run = Date.now().toString(36);
    return parseFigures(await docker('exec', this.name, 'wrk', ...load, url, '--', run));
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', this.name).catch(() => undefined);
  }
}

/** Figures out of wrk's output. @throws Error with the output when there are none. */
export function parseFigures(output: string): Figures {
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (!line) throw new Error(`wrk did not finish:\n${output}`);
  const { requests, microseconds, lost, p50, p99 } = JSON.parse(line) as Record<string, number>;
  const rate = requests! / (microseconds! / 1e6);
  return { requests: requests!, rate, lost: lost!, p50: p50! / 1000, p99: p99! / 1000 };
}
