import { nodeLabels } from '../../stacks/labels.ts';
import { cannotSay } from '../../stacks/swarm/differences.ts';
import type { Topology } from '../../stacks/topology.ts';
import { capacityProblems, type Machine } from '../capacity.ts';
import { DockerError, type DockerCli } from '../docker-cli.ts';

/** A node as `docker node inspect` tells it, as far as it is read here. */
export interface SwarmNode {
  readonly ID: string;
  readonly Spec: { readonly Availability: string; readonly Labels: Readonly<Record<string, string>> };
  readonly Description: {
    readonly Hostname: string;
    readonly Resources: { readonly NanoCPUs: number; readonly MemoryBytes: number };
  };
  readonly Status: { readonly State: string; readonly Addr: string };
}

/** All nodes of the Swarm. @throws DockerError where the engine is not one of its managers. */
export async function swarmNodes(docker: DockerCli): Promise<SwarmNode[]> {
  const ids = await docker.lines('node', 'ls', '--quiet');
  return JSON.parse(await docker.run('node', 'inspect', ...ids)) as SwarmNode[];
}

/**
 * Looks at the Swarm before anything is declared: is the engine a manager, do nodes keep the data and take requests, is there room.
 * @returns problems, a line each; empty when all is well.
 */
export async function swarmProblems(topology: Topology, docker: DockerCli): Promise<string[]> {
  try {
    const nodes = await swarmNodes(docker);
    return [
      ...cannotSay(topology),
      ...nodeProblems(topology, nodes),
      ...(await privilegeProblem(docker)),
      ...wayOutProblem(topology, await masquerades(docker)),
    ];
  } catch (error) {
    return [managerProblem(error)];
  }
}

function managerProblem(error: unknown): string {
  const said = error instanceof DockerError ? error.message.split('\n').at(-1)! : String(error);
  return /swarm/i.test(said)
    ? 'the Docker engine is no manager of a Swarm. Run there: docker swarm init; or set one that is: pulumi config set docker:host ssh://user@manager'
    : `the Docker engine does not answer (${said}). Set a manager of the Swarm: pulumi config set docker:host ssh://user@manager`;
}

/** Pure. */
export function nodeProblems(topology: Topology, nodes: readonly SwarmNode[]): string[] {
  const { stack, services, volumes } = topology;
  const publishes = services.some(({ publish }) => publish.length > 0);
  return [
    ...(volumes.length > 0 ? dataProblem(labelled(nodes, nodeLabels.data)) : []),
    ...(publishes && labelled(nodes, nodeLabels.edge).length === 0
      ? [
          `no node has the label ${nodeLabels.edge}=true, so nothing would take requests. ${label(nodeLabels.edge)}`,
        ]
      : []),
  ]
    .map((problem) => `${stack}: ${problem}`)
    .concat(capacityProblems(topology, roomOf(nodes)));
}

/** A volume is on one node; on another it would be a new and empty one. */
function dataProblem(nodes: readonly SwarmNode[]): string[] {
  if (nodes.length === 1) return [];
  if (nodes.length === 0)
    return [
      `no node has the label ${nodeLabels.data}=true, so nothing would keep the data. ${label(nodeLabels.data)}`,
    ];
  const names = nodes.map(({ Description: { Hostname } }) => Hostname);
  return [
    `${names.join(' and ')} have the label ${nodeLabels.data}=true, and the data is on one of them. Run: docker node update --label-rm ${nodeLabels.data} ${names.at(-1)}`,
  ];
}

function label(key: string): string {
  return `Run: docker node update --label-add ${key}=true NODE`;
}

/** The nodes with a label. */
export function labelled(nodes: readonly SwarmNode[], key: string): SwarmNode[] {
  return nodes.filter(({ Spec }) => Spec.Labels[key] === 'true');
}

/** The address of a node with a label, rather of one that is there; '' where no node needs the label. */
export function addressOf(nodes: readonly SwarmNode[], key: string): string {
  const all = labelled(nodes, key);
  return (all.find(({ Status }) => Status.State === 'ready') ?? all[0])?.Status.Addr ?? '';
}

/** Memory of all nodes that take tasks together, CPUs of the largest, as no task is on two. */
export function roomOf(nodes: readonly SwarmNode[]): Machine {
  const open = nodes
    .filter(({ Spec, Status }) => Spec.Availability === 'active' && Status.State === 'ready')
    .map(({ Description: { Resources } }) => Resources);
  return {
    memoryMiB: Math.floor(open.reduce((sum, { MemoryBytes }) => sum + MemoryBytes, 0) / 2 ** 20),
    cpus: Math.max(0, ...open.map(({ NanoCPUs }) => NanoCPUs / 1e9)),
  };
}

/** Only this engine can be asked; on the other nodes every task looks for itself (components/swarm/privilege-guard.ts). */
async function privilegeProblem(docker: DockerCli): Promise<string[]> {
  const options = await docker.run('info', '--format', '{{json .SecurityOptions}}');
  if (options.includes('no-new-privileges')) return [];
  return [
    'the engines of a Swarm must not let processes gain privileges, as a service cannot say so. Set "no-new-privileges": true in /etc/docker/daemon.json on every node, and restart its engine',
  ];
}

const masquerade = 'com.docker.network.bridge.enable_ip_masquerade';

/** What docker_gwbridge, which is every way out of a Swarm's tasks, was made with; empty where nobody said. As above, this engine's. */
async function masquerades(docker: DockerCli): Promise<string> {
  const format = `{{index .Options "${masquerade}"}}`;
  const said = await docker.run('network', 'inspect', '--format', format, 'docker_gwbridge').catch(() => '');
  return said.trim();
}

/** Pure. Without masquerading no answer finds its way back. */
export function wayOutProblem({ stack, services, jobs }: Topology, masquerades: string): string[] {
  const [first] = [...services, ...jobs].filter(({ egress }) => egress !== undefined);
  if (first === undefined || masquerades !== 'false') return [];
  return [
    `${stack}: ${first.name} has a way out (${first.egress}), and docker_gwbridge of the engine leads nowhere, as it was made with ${masquerade}=false. ` +
      'On every node run: docker swarm leave; docker network rm docker_gwbridge; and make it anew as docs/swarm.md says for databaseUrl, before it joins again',
  ];
}
