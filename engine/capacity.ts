import { keys } from '../stacks/setting-keys.ts';
import type { Service, Topology, Workload } from '../stacks/topology.ts';
import type { DockerCli } from './docker-cli.ts';

/** What the engine's machine has. */
export interface Machine {
  readonly memoryMiB: number;
  readonly cpus: number;
}

/** Asks the engine. @throws DockerError when it does not answer. */
export async function machineOf(docker: DockerCli): Promise<Machine> {
  const [memory = '0', cpus = '0'] = (await docker.run('info', '--format', '{{.MemTotal}} {{.NCPU}}')).split(
    ' ',
  );
  return { memoryMiB: Math.floor(Number(memory) / 2 ** 20), cpus: Number(cpus) };
}

/** What the machine cannot give: CPUs that Docker would refuse in the middle of `up`, memory that would end in an OOM kill. */
export function capacityProblems(topology: Topology, machine: Machine): string[] {
  const { stack, services, jobs } = topology;
  const workloads: readonly Workload[] = [...services, ...jobs];
  return [
    ...workloads.flatMap((workload) => cpuProblem(workload, machine)),
    ...memoryProblem(services, machine),
  ].map((problem) => `${stack}: ${problem}`);
}

function cpuProblem({ name, cpus }: Workload, machine: Machine): string[] {
  if (cpus <= machine.cpus) return [];
  return [
    `${name} wants ${cpus} CPUs, the engine has ${machine.cpus}.${mend(keyOf(name, 'Cpus'), machine.cpus)}`,
  ];
}

/** Limits of all replicas together; containers have no swap, so what does not fit is killed. */
function memoryProblem(services: readonly Service[], machine: Machine): string[] {
  const total = sum(services);
  if (total <= machine.memoryMiB) return [];
  const largest = [...services].sort((a, b) => sum([b]) - sum([a]));
  const parts = largest.map(({ name, replicas, memoryMiB }) => `${name} ${replicas} × ${memoryMiB}`);
  return [
    `services may use ${total} MiB of memory (${parts.join(', ')}), the engine has ${machine.memoryMiB}.` +
      way(largest[0]!, machine.memoryMiB - (total - sum([largest[0]!]))),
  ];
}

function sum(services: readonly Service[]): number {
  return services.reduce((total, { replicas, memoryMiB }) => total + replicas * memoryMiB, 0);
}

/** Fewer replicas where that is enough, else less memory for each. */
function way({ name, replicas, memoryMiB }: Service, left: number): string {
  const fewer = Math.floor(left / memoryMiB);
  if (replicas > 1 && fewer >= 1) return mend(keyOf(name, 'Replicas'), fewer);
  const less = Math.floor(left / replicas);
  return less >= 32 ? mend(keyOf(name, 'Memory'), less) : ' Take a larger machine';
}

/** What a release needs for a moment: the old and the new replicas side by side, and the candidate. */
export function releaseWarnings({ stack, services }: Topology, machine: Machine): string[] {
  const steady = sum(services);
  return services
    .filter(({ rollout }) => rollout.order === 'start-first')
    .map(({ name, replicas, memoryMiB }) => ({ name, peak: steady + (replicas + 1) * memoryMiB }))
    .filter(({ peak }) => peak > machine.memoryMiB)
    .map(
      ({ name, peak }) =>
        `${stack}: a release of ${name} runs old and new replicas side by side and may use ${peak} MiB of memory, ` +
        `the engine has ${machine.memoryMiB}.${mend(keyOf(name, 'Memory'), 'LESS')}`,
    );
}

/** The key that sets a service's share, if there is one: product-api, Memory → productApiMemory. */
function keyOf(service: string, what: 'Memory' | 'Cpus' | 'Replicas'): string | undefined {
  const camel = service.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  const name = service === 'product-api' && what === 'Replicas' ? 'replicas' : camel + what;
  return Object.hasOwn(keys, name) ? name : undefined;
}

function mend(key: string | undefined, value: number | string): string {
  return key === undefined ? ' Take a larger machine' : ` Run: pulumi config set ${key} ${value}`;
}
