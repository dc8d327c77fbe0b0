import type { DockerCli } from '../engine/docker-cli.ts';
import { addressOf, type SwarmNode } from '../engine/swarm/nodes.ts';
import { tasksOf, type Task } from '../engine/swarm/tasks.ts';
import { labelFilters, labelKeys, nodeLabels, type Role } from '../stacks/labels.ts';
import type { Service, Topology } from '../stacks/topology.ts';
import type { StackContainer } from './stack-containers.ts';

interface InspectedService {
  readonly ID: string;
  readonly Spec: {
    readonly Name: string;
    readonly Labels: Readonly<Record<string, string>>;
    readonly TaskTemplate: { readonly ContainerSpec: { readonly Image: string } };
  };
}

/** The services of a stack on a Swarm. @throws DockerError */
export async function swarmServices(docker: DockerCli, stack: string): Promise<InspectedService[]> {
  const ids = await docker.lines('service', 'ls', '--quiet', ...labelFilters(stack));
  return ids.length === 0
    ? []
    : (JSON.parse(await docker.run('service', 'inspect', ...ids)) as InspectedService[]);
}

/** The newest task of each place of each service, as the containers that they are; a Swarm calls a task running when it is healthy. */
export async function swarmTasks(
  docker: DockerCli,
  stack: string,
  nodes: readonly SwarmNode[],
): Promise<StackContainer[]> {
  const services = await swarmServices(docker, stack);
  const tasks = await Promise.all(
    services.map(async (service) =>
      newest(await tasksOf(docker, service.ID)).map((one) => describe(service, one, nodes)),
    ),
  );
  return tasks.flat().sort((a, b) => a.name.localeCompare(b.name));
}

/** Tasks of one place, and how many there were before. */
interface Place {
  readonly task: Task;
  readonly before: number;
}

/** A place is a number of a replicated service, a node of a global one. */
export function newest(tasks: readonly Task[]): Place[] {
  const places = new Map<string, Task[]>();
  for (const task of tasks) {
    const place = String(task.Slot ?? task.NodeID);
    places.set(place, [...(places.get(place) ?? []), task]);
  }
  return [...places.values()].map(([task, ...older]) => ({
    task: task!,
    before: older.filter(({ Status: { State } }) => State === 'failed').length,
  }));
}

function describe(
  { Spec }: InspectedService,
  { task, before }: Place,
  nodes: readonly SwarmNode[],
): StackContainer {
  const node = nodes.find(({ ID }) => ID === task.NodeID)?.Description.Hostname;
  const service = Spec.Labels[labelKeys.service] ?? '?';
  const { State, Err, Timestamp } = task.Status;
  return {
    id: task.ID,
    name: `${service}.${task.Slot ?? 'node'} on ${node ?? 'no node'}`,
    service,
    role: Spec.Labels[labelKeys.role] as Role,
    state: State,
    health: State === 'running' ? 'healthy' : undefined,
    restarts: before,
    outOfMemory: /137/.test(Err ?? '') && /oom/i.test(Err ?? ''),
    image: shortImage(Spec.TaskTemplate.ContainerSpec.Image),
    started: Timestamp,
  };
}

/** `registry.example.com/team/product-stack-prod/product-api@sha256:9e1519b3f5e4…` is product-api@9e1519b3f5e4. */
function shortImage(image: string): string {
  return image.replace(/^.*\//, '').replace(/@sha256:([0-9a-f]{12}).*$/, '@$1');
}

/** What only the Swarm knows: how many replicas it wants of what is on every node for it, and the addresses of its nodes. */
export async function asWanted(
  docker: DockerCli,
  topology: Topology,
  nodes: readonly SwarmNode[],
): Promise<Topology> {
  const format = `{{.Mode}} {{.Replicas}} {{.Name}}`;
  const lines = await docker.lines('service', 'ls', ...labelFilters(topology.stack), '--format', format);
  const global = lines.map((line) => line.split(' ')).filter(([mode]) => mode === 'global');
  const services = topology.services.map((service) => {
    const [, counts] = global.find(([, , name]) => name!.endsWith(`-${service.name}`)) ?? [];
    const replicas = counts === undefined ? service.replicas : Number(counts.split('/')[1]);
    return { ...service, replicas, publish: publishedAt(service, nodes) };
  });
  return { ...topology, services };
}

function publishedAt({ publish, volumes }: Service, nodes: readonly SwarmNode[]): Service['publish'] {
  const address = addressOf(nodes, volumes.length > 0 ? nodeLabels.data : nodeLabels.edge);
  return publish.map((port) => ({ ...port, address }));
}
