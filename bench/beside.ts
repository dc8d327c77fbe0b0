import { stackPrefix } from '../stacks/labels.ts';
import { docker, eventually } from '../tests/e2e/support/run.ts';
import type { TestStack } from '../tests/e2e/support/test-stack.ts';

/** What runs beside the product-apis of a stack. */
export interface Program {
  /** Or how it follows from what the product-api runs itself. */
  readonly command: readonly string[] | ((ours: readonly string[]) => readonly string[]);
  readonly env?: Readonly<Record<string, string>>;
  /** What it runs of ours: files and folders of this machine by their path in the container. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A program in the image, and with the environment, the limits, the secrets and the links of one of a stack's product-apis. */
export class Beside {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Starts it and waits until it answers. */
  async start(stack: TestStack, { command, env = {}, files = {} }: Program): Promise<void> {
    const [replica] = await stack.replicas('product-api');
    const inspect = (format: string) => docker('inspect', '--format', format, replica!);
    const ours = JSON.parse(await inspect('{{json .Config}}')) as { Env: string[]; Cmd: string[] };
    const words = typeof command === 'function' ? command(ours.Cmd) : command;
    const all = [...ours.Env, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)];
    const network = (link: string) => `${stackPrefix(stack.name)}-${link}`;
    const options = [
      ...['--name', this.name, '--init', '--cpus', '1', '--memory', '256m'],
      ...['--volumes-from', replica!, '--network', network('product-api-database')],
      ...mounts(files),
      ...all.flatMap((variable) => ['--env', variable]),
    ];
    await docker('run', '--detach', ...options, await inspect('{{.Image}}'), ...words);
    await docker('network', 'connect', network('edge-product-api'), this.name);
    await eventually(20, `${this.name} answers`, () =>
      docker('exec', this.name, 'wget', '-qO', '/dev/null', 'http://127.0.0.1:8080/api/products'),
    );
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', this.name).catch(() => undefined);
  }
}

function mounts(files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).flatMap(([target, source]) => [
    '--mount',
    `type=bind,source=${source},target=${target},readonly`,
  ]);
}
