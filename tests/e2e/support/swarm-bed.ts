import { EngineContainer } from './engine-container.ts';
import { RegistryContainer } from './registry-container.ts';
import { docker, eventually } from './run.ts';

/** One engine of the swarm. */
export interface SwarmNode {
  /** Its name in `docker node ls`: `n1`, `n2` or `n3`. */
  readonly name: string;
  /** Where this machine reaches every port that it publishes in host mode; the same after an outage. */
  readonly address: string;
  readonly engine: EngineContainer;
}

/**
 * A Docker swarm on this machine: three engines in containers and a registry, on a network of their own. All are managers, so
 * that any one may be killed and the other two still decide what runs where; of a single manager a test could kill only the others.
 * n1 leads until it is killed, or too busy to say that it is there: then the others elect another.
 */
export class SwarmBed {
  readonly name: string;
  /** What the nodes call the registry: the first part of an image's name. */
  readonly registry = 'registry:5000';
  /** What nodes and this machine call it alike, once it is there. */
  registryAddress = '';
  nodes: readonly SwarmNode[] = [];
  private readonly engines: readonly EngineContainer[];
  private readonly images: RegistryContainer;
  private readonly down = new Set<SwarmNode>();

  /** @param count how many engines. */
  constructor(name: string, count = 3) {
    this.name = `e2e-${name}-${process.pid}`;
    this.engines = Array.from({ length: count }, (_, index) => new EngineContainer(`${name}-n${index + 1}`));
    this.images = new RegistryContainer(`${name}-registry`);
  }

  /**
   * Starts all of it.
   * @param images images of this machine's engine that the nodes find under the same names: they take the registry for a mirror of
   * Docker Hub.
   */
  async create(images: readonly string[] = []): Promise<void> {
    const [registry, ...addresses] = await createNetwork(this.name, this.engines.length);
    this.registryAddress = `${registry}:5000`;
    this.nodes = this.engines.map((engine, index) => ({
      name: `n${index + 1}`,
      address: addresses[index]!,
      engine,
    }));
    await this.images.start(this.name, registry!);
    const mirrored = images.map((image) => this.images.mirror(image));
    await Promise.all([...this.nodes.map((node) => this.boot(node)), ...mirrored]);
    await this.form();
  }

  /** A node that is up; like all of them, it manages the swarm. */
  get manager(): SwarmNode {
    return this.nodes.find((node) => !this.down.has(node))!;
  }

  /** The environment in which pulumi and docker talk to the swarm. */
  get env(): NodeJS.ProcessEnv {
    return { DOCKER_HOST: this.manager.engine.host };
  }

  /** `docker …` on a manager that is up. */
  docker(...args: string[]): Promise<string> {
    return this.manager.engine.docker(...args);
  }

  /** Pushes an image of this machine's engine; the nodes call it `registry:5000/` and `repository`. */
  push(image: string, repository: string): Promise<void> {
    return this.images.push(image, repository);
  }

  /** The node that leads. What ran on a leader that is killed is replaced after a minute, what ran on another after 17 s. */
  async leader(): Promise<SwarmNode> {
    const lines = await this.docker('node', 'ls', '--format', '{{.ManagerStatus}} {{.Hostname}}');
    return this.nodes.find(({ name }) => lines.split('\n').includes(`Leader ${name}`))!;
  }

  /** A power cut of one node. The swarm notices when heartbeats stay out, after some ten seconds. */
  async kill(node: SwarmNode): Promise<void> {
    this.down.add(node);
    await node.engine.cutPower();
  }

  /** Switches a node on again, and waits until the swarm has it back. */
  async start(node: SwarmNode): Promise<void> {
    await node.engine.start();
    this.down.delete(node);
    await this.allReady();
  }

  /** Has the swarm move everything off a node; waits for nothing. */
  drain(node: SwarmNode): Promise<string> {
    return this.update(node, '--availability', 'drain');
  }

  /** Lets a drained node have tasks again. */
  activate(node: SwarmNode): Promise<string> {
    return this.update(node, '--availability', 'active');
  }

  /** Makes docker_gwbridge of every node anew, as docs/swarm.md wants it for databaseUrl; the swarm begins anew, too. */
  async masquerade(): Promise<void> {
    for (const { engine } of this.nodes) {
      await engine.docker('swarm', 'leave', '--force');
      await engine.docker('network', 'rm', 'docker_gwbridge');
      await createGateway(engine, {});
    }
    await this.form();
  }

  /** Labels a node, for placement. */
  label(node: SwarmNode, label: string): Promise<string> {
    return this.update(node, '--label-add', label);
  }

  /** Removes everything by its name, whatever happened before. */
  async dispose(): Promise<void> {
    await Promise.all([...this.engines, this.images].map((container) => container.remove()));
    await docker('network', 'rm', this.name).catch(() => undefined);
  }

  /** As docs/swarm.md wants a node: no process gains privileges, and published ports lead nowhere outside. */
  private async boot({ engine, name, address }: SwarmNode): Promise<void> {
    const insecure = [this.registry, this.registryAddress].flatMap((one) => ['--insecure-registry', one]);
    await engine.create({
      network: { name: this.name, as: name, address },
      dockerd: ['--no-new-privileges', '--registry-mirror', `http://${this.registry}`, ...insecure],
    });
    await createGateway(engine, { enable_ip_masquerade: 'false' });
  }

  /** One after the other: two that join at once may both be told that the swarm has no leader. */
  private async form(): Promise<void> {
    const [first, ...others] = this.nodes as [SwarmNode, ...SwarmNode[]];
    await first.engine.docker('swarm', 'init', '--advertise-addr', first.address);
    const token = await first.engine.docker('swarm', 'join-token', '--quiet', 'manager');
    for (const { engine, address } of others) {
      await engine.docker('swarm', 'join', '--token', token, '--advertise-addr', address, first.address);
    }
    await this.allReady();
  }

  private async allReady(): Promise<void> {
    const up = this.nodes.filter((node) => !this.down.has(node)).length;
    await eventually(30, `${up} nodes are ready`, async () => {
      const states = await this.docker('node', 'ls', '--format', '{{.Status}} {{.ManagerStatus}}');
      return states.split('\n').filter((state) => /^Ready (Leader|Reachable)$/.test(state)).length === up;
    });
  }

  private update({ name }: SwarmNode, ...change: string[]): Promise<string> {
    return this.docker('node', 'update', ...change, name);
  }
}

/** What leads from tasks to their node and outside. */
async function createGateway(engine: EngineContainer, more: Record<string, string>): Promise<void> {
  const options = { name: 'docker_gwbridge', enable_icc: 'false', ...more };
  const flags = Object.entries(options).flatMap(([key, value]) => [
    '--opt',
    `com.docker.network.bridge.${key}=${value}`,
  ]);
  await engine.docker('network', 'create', ...flags, options.name);
}

/**
 * A network, and an address for the registry and each of the nodes. A manager must keep its address, and Docker lets a container choose one only where
 * somebody chose the network's range: it gets the one that Docker itself found free.
 */
async function createNetwork(name: string, nodes: number): Promise<string[]> {
  await docker('network', 'create', name);
  const range = await docker('network', 'inspect', '--format', '{{(index .IPAM.Config 0).Subnet}}', name);
  await docker('network', 'rm', name);
  await docker('network', 'create', '--subnet', range, name);
  return Array.from({ length: nodes + 1 }, (_, index) => range.replace(/\d+\/\d+$/, String(10 + index)));
}
