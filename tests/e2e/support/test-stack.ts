import { labelKeys } from '../../../stacks/labels.ts';
import { copyCheckout, removeCheckout } from './checkout.ts';
import { begin, docker, eventually, removeImages, run, type Begun, type Ended } from './run.ts';

/** A container of a stack. */
export interface ContainerInfo {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly role: string;
  /** `running`, `exited`, `created`, … */
  readonly state: string;
  /** Such as `Up 3 seconds (healthy)`. */
  readonly status: string;
}

// A hundred for each process: two that run at once have different slots (tests/support/run-spec), one after the other mostly another hundred.
let lastPort = 20_000 + ((process.pid % 50) * 2 + Number(process.env['TEST_SLOT'] ?? 0)) * 100;

/** A port that no other test of this run uses. */
export function freePort(): number {
  return ++lastPort;
}

/** All containers with a label; `serviceLabel` names the label that says which service one belongs to. */
export async function containersWith(label: string, serviceLabel: string): Promise<ContainerInfo[]> {
  const columns = [
    '.ID',
    '.Names',
    `.Label "${serviceLabel}"`,
    `.Label "${labelKeys.role}"`,
    '.State',
    '.Status',
  ];
  const format = columns.map((column) => `{{${column}}}`).join('\t');
  const filter = ['--filter', `label=${label}`];
  return lines(await docker('ps', '--all', '--no-trunc', ...filter, '--format', format)).map((line) => {
    const [id = '', name = '', service = '', role = '', state = '', status = ''] = line.split('\t');
    return { id, name, service, role, state, status };
  });
}

/** A stack of its own: name, folder, state, port. `dispose` removes all of it, whatever happened before. */
export class TestStack {
  readonly name: string;
  readonly folder: string;
  readonly port = freePort();
  readonly url = `http://127.0.0.1:${this.port}`;
  readonly httpsPort = freePort();
  readonly httpsUrl = `https://127.0.0.1:${this.httpsPort}`;

  private readonly env: NodeJS.ProcessEnv;

  /** @param env more environment for the pulumi command line. */
  constructor(name: string, env: NodeJS.ProcessEnv = {}) {
    this.env = env;
    this.name = `e2e-${name}-${process.pid}`;
    this.folder = copyCheckout({ packages: true });
  }

  /** Creates the stack and sets its configuration. */
  async init(config: Record<string, string> = {}): Promise<void> {
    await this.pulumiOk('stack', 'init', this.name);
    await this.configure({ httpPort: String(this.port), httpsPort: String(this.httpsPort), ...config });
  }

  async configure(config: Record<string, string>): Promise<void> {
    const pairs = Object.entries(config).flatMap(([key, value]) => ['--plaintext', `${key}=${value}`]);
    await this.pulumiOk('config', 'set-all', ...pairs);
  }

  /** The same of what nobody may read in the stack's file. */
  async secret(config: Record<string, string>): Promise<void> {
    const pairs = Object.entries(config).flatMap(([key, value]) => ['--secret', `${key}=${value}`]);
    await this.pulumiOk('config', 'set-all', ...pairs);
  }

  /** Runs a command as a person would in this folder. */
  run(command: string, ...args: string[]): Promise<Ended> {
    return run(command, args, this.place());
  }

  /** Begins one that can be ended, as in a terminal of its own. */
  begin(command: string, ...args: string[]): Begun {
    return begin(command, args, this.place());
  }

  private place(): { cwd: string; env: NodeJS.ProcessEnv } {
    const own = { PULUMI_CONFIG_PASSPHRASE: 'end-to-end', PULUMI_SKIP_UPDATE_CHECK: 'true' };
    return { cwd: this.folder, env: { ...process.env, ...own, ...this.env } };
  }

  /** The same of `pulumi …`, on this stack. */
  pulumi(...args: string[]): Promise<Ended> {
    const [noun = '', verb] = args;
    const stack = noun === 'stack' && verb === 'init' ? [] : ['--stack', this.name];
    const words = noun === 'stack' && verb ? [noun, verb] : [noun];
    const all = [...words, ...stack, '--non-interactive', ...args.slice(words.length)];
    // Before the time of a test is over, so that it can tell.
    return run('pulumi', all, { ...this.place(), hangsAfterSeconds: 240 });
  }

  /** As `pulumi`, and throws with the output when it fails. */
  async pulumiOk(...args: string[]): Promise<Ended> {
    const ended = await this.pulumi(...args);
    if (ended.code !== 0)
      throw new Error(`pulumi ${args.join(' ')} ended with ${ended.code}:\n${ended.output}`);
    return ended;
  }

  up(): Promise<Ended> {
    return this.pulumi('up', '--yes', '--skip-preview');
  }

  upOk(): Promise<Ended> {
    return this.pulumiOk('up', '--yes', '--skip-preview');
  }

  /** All containers of the stack, or those of one role. */
  async containers(role?: string, service?: string): Promise<ContainerInfo[]> {
    const all = await containersWith(`${labelKeys.stack}=${this.name}`, labelKeys.service);
    return all.filter((one) => (!role || one.role === role) && (!service || one.service === service));
  }

  /** The ids of the replicas of a service. */
  async replicas(service: string): Promise<string[]> {
    return (await this.containers('replica', service)).map(({ id }) => id);
  }

  /** Everything on the engine that bears the stack's name, the data volume aside. */
  async leftovers(): Promise<string[]> {
    const [containers, networks, volumes, images] = await Promise.all([
      this.containers().then((all) => all.map(({ name }) => name)),
      docker('network', 'ls', '--filter', `name=product-stack-${this.name}`, '--format', '{{.Name}}').then(
        lines,
      ),
      docker('volume', 'ls', '--filter', `name=product-stack-${this.name}`, '--format', '{{.Name}}').then(
        lines,
      ),
      docker(
        'image',
        'ls',
        '--filter',
        `reference=product-stack-${this.name}/*`,
        '--format',
        '{{.Repository}}',
      ).then(lines),
    ]);
    return [
      ...containers,
      ...networks,
      ...volumes.filter((name) => !name.endsWith('-database-data')),
      ...images,
    ];
  }

  /** The names of all products whose name begins with "Test ". */
  async testProducts(): Promise<string[]> {
    const [database] = await this.replicas('database');
    const sql = "SELECT name FROM product WHERE name LIKE 'Test %'";
    return lines(await docker('exec', database!, 'psql', '-U', 'postgres', '-d', 'product', '-Atc', sql));
  }

  /** Removes everything by its name: quicker than `pulumi destroy`, which main-job.spec.ts tests, and whatever went wrong before. */
  async dispose(): Promise<void> {
    const containers = await this.containers();
    if (containers.length > 0) await docker('rm', '-fv', ...containers.map(({ id }) => id));
    // The engine may not yet know that a container has left its networks.
    for (const kind of ['network', 'volume'])
      await eventually(20, `the last ${kind} of ${this.name} is removed`, () => this.removeAll(kind));
    await removeImages(`product-stack-${this.name}/*`);
    removeCheckout(this.folder);
  }

  private async removeAll(kind: string): Promise<true> {
    const ours = ['--filter', `name=product-stack-${this.name}`, '--format', '{{.Name}}'];
    const names = lines(await docker(kind, 'ls', ...ours));
    if (names.length > 0) await docker(kind, 'rm', ...names);
    return true;
  }
}

function lines(output: string): string[] {
  return output.split('\n').filter(Boolean);
}
