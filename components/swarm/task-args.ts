import type * as docker from '@pulumi/docker';
import type { Input } from '@pulumi/pulumi';
import { labelKeys, nodeLabels, type Role } from '../../stacks/labels.ts';
import { maxRestarts, type HealthCheck, type Service, type Workload } from '../../stacks/topology.ts';
import { labels } from '../container-args.ts';
import { guarded } from './privilege-guard.ts';

type ServiceArgs = docker.ServiceArgs;
type ContainerSpec = docker.types.input.ServiceTaskSpecContainerSpec;
type Mount = docker.types.input.ServiceTaskSpecContainerSpecMount;

/** A Swarm secret or config, as a file of a task. */
export interface TaskFile {
  readonly id: Input<string>;
  readonly name: Input<string>;
  /** A path of the container; of a secret the name in /run/secrets. */
  readonly file: string;
}

/** What the tasks of a service are attached to: made elsewhere. */
export interface TaskAttachments {
  /** With its digest, as every node pulls it on its own. */
  readonly image: Input<string>;
  readonly networks: { id: Input<string>; alias?: string }[];
  readonly secrets: readonly TaskFile[];
  readonly configs: readonly TaskFile[];
  /** What volumes are called on the node. */
  readonly prefix: string;
  readonly stack: string;
}

/** The arguments that are the same whatever a workload's tasks are for; closed by default. */
export function taskSpec(
  workload: Workload,
  role: Role,
  attachments: TaskAttachments,
  own: Partial<ContainerSpec>,
): docker.types.input.ServiceTaskSpec {
  const { image, networks, stack } = attachments;
  return {
    containerSpec: {
      image,
      ...(workload.entrypoint && { commands: [...workload.entrypoint] }),
      ...(workload.command && { args: [...workload.command] }),
      // An empty one is another than none in the second preview.
      ...(Object.keys(workload.env).length > 0 && { env: { ...workload.env } }),
      user: workload.user,
      ...hardening,
      mounts: [...tmpfsMounts(workload), ...volumeMounts(workload, attachments)],
      secrets: attachments.secrets.map(secretReference),
      configs: attachments.configs.map(configReference),
      labels: labels(stack, workload.name, role),
      ...own,
    },
    networksAdvanceds: networks.map(({ id, alias }) => ({ id, aliases: alias === undefined ? [] : [alias] })),
    resources: limits(workload),
    logDriver: { name: 'json-file', options: { 'max-file': '3', 'max-size': '10m' } },
    forceUpdate: 0,
    runtime: 'container',
  };
}

const hardening = {
  readOnly: true,
  init: true,
  capDrops: ['ALL'],
  // As for containers: a name without a replica is answered at once, and leaves the stack for nobody.
  dnsConfig: { nameservers: [], options: ['ndots:1'] },
} satisfies Partial<ContainerSpec>;

/** Memory is reserved in full: as there is no swap, a node that promised more than it has would have to kill. */
function limits({ memoryMiB, cpus }: Workload): docker.types.input.ServiceTaskSpecResources {
  const memoryBytes = memoryMiB * 2 ** 20;
  return {
    limits: { memoryBytes, nanoCpus: Math.round(cpus * 1e9) },
    reservation: { memoryBytes, nanoCpus: 0 },
  };
}

/** Swarm mounts these noexec, nosuid and nodev, as root's: one user runs in the container, and may write there. */
function tmpfsMounts({ tmpfs, shmMiB }: Workload): Mount[] {
  const sizes = Object.entries(tmpfs).map(([path, options]) => [path, mebibytes(options)] as const);
  const all = shmMiB === undefined ? sizes : [...sizes, ['/dev/shm', shmMiB] as const];
  return all.map(([target, size]) => ({
    target,
    type: 'tmpfs',
    source: '',
    readOnly: false,
    tmpfsOptions: { sizeBytes: size * 2 ** 20, mode: 0o777 },
  }));
}

function mebibytes(options: string): number {
  const [, size] = /(?:^|,)size=(\d+)m(?:,|$)/.exec(options) ?? [];
  if (size === undefined) throw new Error(`a tmpfs needs a size in MiB, got "${options}"`);
  return Number(size);
}

/** Made by the node when it is not there yet; nothing but a person deletes it. */
function volumeMounts({ volumes }: Workload, { prefix, stack }: TaskAttachments): Mount[] {
  return volumes.map(({ volume, target }) => ({
    target,
    type: 'volume',
    source: `${prefix}-${volume}`,
    readOnly: false,
    volumeOptions: { labels: [{ label: labelKeys.stack, value: stack }] },
  }));
}

function secretReference({ id, name, file }: TaskFile) {
  return { secretId: id, secretName: name, fileName: file };
}

function configReference({ id, name, file }: TaskFile) {
  return { configId: id, configName: name, fileName: file };
}

/** Data stays where it is, and ports belong to nodes that take requests; everything else runs anywhere. */
export function placement(
  workload: Workload & { publish?: Service['publish'] },
): docker.types.input.ServiceTaskSpecPlacement {
  const onData = workload.volumes.length > 0 ? [`node.labels.${nodeLabels.data}==true`] : [];
  const onEdge = isGlobal(workload) ? [`node.labels.${nodeLabels.edge}==true`] : [];
  return { constraints: [...onData, ...onEdge], maxReplicas: 0 };
}

/** One on every node for it: what owns a port of its node. */
export function isGlobal({
  publish = [],
  volumes,
}: Pick<Workload, 'volumes'> & { publish?: Service['publish'] }): boolean {
  return publish.length > 0 && volumes.length === 0;
}

/** At most five restarts in ten minutes; then the task stays down and says why. */
export const boundedRestarts: docker.types.input.ServiceTaskSpecRestartPolicy = {
  condition: 'on-failure',
  delay: '1s',
  maxAttempts: maxRestarts,
  window: '10m',
};

/** Runs once; nobody brings it back. */
export const noRestarts: docker.types.input.ServiceTaskSpecRestartPolicy = {
  condition: 'none',
  delay: '1s',
  maxAttempts: 0,
  window: '0s',
};

/** A port or a volume can only be had by one task at a time: the old one goes first. */
export function ownsSomething({ publish, volumes }: Pick<Service, 'publish' | 'volumes'>): boolean {
  return publish.length > 0 || volumes.length > 0;
}

/** How a release replaces tasks: a fifth at a time, at least one, and back when one fails. */
export function updates(service: Service): Pick<ServiceArgs, 'updateConfig' | 'rollbackConfig'> {
  const common = {
    parallelism: Math.ceil(service.replicas / 5),
    delay: '0s',
    maxFailureRatio: '0.0',
    order: ownsSomething(service) ? 'stop-first' : 'start-first',
  };
  return {
    updateConfig: { ...common, failureAction: 'rollback', monitor: '10s' },
    rollbackConfig: { ...common, failureAction: 'pause', monitor: '5s' },
  };
}

/** A stop that asks first, and a health check that also looks at the engine. */
export function living({ stopGraceSeconds, health }: Service): Partial<ContainerSpec> {
  return {
    stopSignal: 'SIGTERM',
    stopGracePeriod: duration(stopGraceSeconds),
    healthcheck: healthcheck(health),
  };
}

function healthcheck(check: HealthCheck): docker.types.input.ServiceTaskSpecContainerSpecHealthcheck {
  return {
    tests: guarded(check.test),
    interval: duration(check.interval),
    timeout: duration(check.timeout),
    retries: check.retries,
    startPeriod: duration(check.startPeriod),
  };
}

/** Durations as the provider prints them back, else the second preview is not empty: "1m", "1m30s". */
export function duration(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return `${rest}s`;
  return rest === 0 ? `${minutes}m` : `${minutes}m${rest}s`;
}
