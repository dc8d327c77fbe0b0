import { labelKeys } from '../../../stacks/labels.ts';
import type { FaultTarget } from '../support/fault.ts';
import { eventually } from '../support/run.ts';
import type { SwarmBed, SwarmNode } from '../support/swarm-bed.ts';
import { TestStack, type ContainerInfo } from '../support/test-stack.ts';

/** A task of the stack. */
export interface TaskInfo {
  readonly service: string;
  readonly node: string;
  readonly state: string;
  readonly error: string;
}

/** A stack on a bed, as a target of faults: what Swarm says of its services, and what its database holds. */
export class SwarmTestStack implements FaultTarget {
  readonly stack: TestStack;
  private readonly bed: SwarmBed;
  /** The node whose edge is asked. */
  private entrance: SwarmNode;

  constructor(bed: SwarmBed, entrance: SwarmNode) {
    this.bed = bed;
    this.entrance = entrance;
    this.stack = new TestStack('swarm', bed.env);
  }

  get url(): string {
    return this.urlOf(this.entrance);
  }

  /** From now on the edge of this node is asked. */
  enterAt(node: SwarmNode): void {
    this.entrance = node;
  }

  urlOf({ address }: SwarmNode): string {
    return `http://${address}:${this.stack.port}`;
  }

  async init(config: Record<string, string>): Promise<void> {
    await this.stack.init({
      engine: 'swarm',
      bindAddress: '0.0.0.0',
      registry: this.bed.registryAddress,
      // Packets between encrypted networks' nodes do not arrive on the kernel of these machines.
      overlayEncryption: 'false',
      ...config,
    });
    const auth = { address: `http://${this.bed.registryAddress}`, authDisabled: 'true' };
    for (const [key, value] of Object.entries(auth))
      await this.stack.pulumiOk('config', 'set', '--path', `docker:registryAuth[0].${key}`, value);
  }

  /**
   * The tasks that Swarm wants to run, of all services; of jobs there are none, and they come and go. A release may take a service away
   * between the two questions that this takes: then it asks anew.
   */
  async tasks(): Promise<TaskInfo[]> {
    for (let again = 5; again > 0; again--) {
      const services = await this.services();
      const lines = await this.linesOf(services).catch(() => undefined);
      if (lines && services === (await this.services())) return lines.map((line) => this.task(line));
    }
    throw new Error('the services of this stack come and go');
  }

  /** Those of this stack that have replicas; `more`: labels that they must have as well. */
  private services(...more: string[]): Promise<string> {
    const labels = [`${labelKeys.stack}=${this.stack.name}`, `${labelKeys.role}=replica`, ...more];
    const filters = labels.flatMap((label) => ['--filter', `label=${label}`]);
    return this.bed.docker('service', 'ls', '--quiet', ...filters);
  }

  private async linesOf(services: string): Promise<string[]> {
    const format = '{{.Name}}\t{{.Node}}\t{{.CurrentState}}\t{{.Error}}';
    const lines = await this.bed.docker(
      ...['service', 'ps', '--no-trunc', '--filter', 'desired-state=running', '--format', format],
      ...services.split('\n'),
    );
    return lines.split('\n');
  }

  private task(line: string): TaskInfo {
    const [name = '', node = '', state = '', error = ''] = line.split('\t');
    return { service: this.serviceOf(name), node, state: state.split(' ')[0]!, error };
  }

  /** The nodes that run a service. */
  async nodesOf(service: string): Promise<string[]> {
    const tasks = (await this.tasks()).filter((task) => task.service === service);
    return tasks
      .filter(({ state }) => state === 'Running')
      .map(({ node }) => node)
      .sort();
  }

  /** Every task that is wanted; healthy when it runs, on a node that is there. */
  async containers(): Promise<ContainerInfo[]> {
    const [tasks, nodes] = await Promise.all([
      this.tasks(),
      this.bed.docker('node', 'ls', '--format', '{{.Hostname}} {{.Status}}'),
    ]);
    return tasks.map(({ service, node, state }) => {
      const isWell = state === 'Running' && nodes.includes(`${node} Ready`);
      const status = isWell ? 'Up (healthy)' : state;
      return { id: `${service} on ${node}`, name: service, service, role: 'replica', state, status };
    });
  }

  /**
   * Has all tasks of a service made anew, where there is most room; a Swarm does not do that by itself when a node is back. A task that
   * a busy node does not get up in time turns this back, as it would a release: then once more.
   */
  async spread(service: string): Promise<void> {
    const id = await this.services(`${labelKeys.service}=${service}`);
    const first = await this.madeAnew(id);
    if (first === 'completed') return;
    console.log(`      ${service} was not spread: ${first}`);
    const second = await this.madeAnew(id);
    if (second !== 'completed') throw new Error(`${service} is not spread, twice: ${first}\nand ${second}`);
  }

  /** @returns "completed", or how it ended instead, with all tasks. */
  private async madeAnew(service: string): Promise<string> {
    await this.bed.docker('service', 'update', '--force', '--detach', service);
    const ended = async (): Promise<string | false> => {
      const format = '{{.UpdateStatus.State}}';
      const state = await this.bed.docker('service', 'inspect', '--format', format, service);
      return /completed|paused/.test(state) && state;
    };
    const state = await eventually(120, `${service} is made anew`, ended).catch(
      (error: Error) => error.message,
    );
    return state === 'completed'
      ? state
      : `${state}\n${await this.bed.docker('service', 'ps', '--no-trunc', service)}`;
  }

  async testProducts(): Promise<string[]> {
    const rows = await this.sql("SELECT name FROM product WHERE name LIKE 'Test %'");
    return rows.split('\n').filter(Boolean);
  }

  /** Asks the database, on whichever node it is. */
  sql(query: string): Promise<string> {
    return this.exec('database', 'psql', '-U', 'postgres', '-d', 'product', '-Atc', query);
  }

  /** Runs a command in a task of a service, on whichever node it is. @throws Error with what it printed when it fails. */
  async exec(service: string, ...command: string[]): Promise<string> {
    const [name] = await this.nodesOf(service);
    const { engine } = this.bed.nodes.find((node) => node.name === name)!;
    const filter = ['--filter', `label=${labelKeys.service}=${service}`];
    const [id] = (await engine.docker('ps', '--quiet', ...filter)).split('\n');
    return engine.docker('exec', id!, ...command);
  }

  /** `product-stack-NAME-product-api-1a2b3c4.2` is of product-api. */
  private serviceOf(name: string): string {
    return name
      .slice(`product-stack-${this.stack.name}-`.length)
      .replace(/\..*$/, '')
      .replace(/-[0-9a-f]{7}$/, '');
  }
}
