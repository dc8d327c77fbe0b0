import type * as docker from '@pulumi/docker';
import type { Input } from '@pulumi/pulumi';
import type { Role } from '../../stacks/labels.ts';
import type { HealthCheck, Service, Workload } from '../../stacks/topology.ts';
import { labels } from '../container-args.ts';
import { tmpfsMounts, volumeMounts } from './mounts.ts';
import { guarded } from './privilege-guard.ts';

type ContainerSpec = docker.types.input.ServiceTaskSpecContainerSpec;

/** A Swarm secret or config, as a file of a task. */
export interface TaskFile {
  readonly id: Input<string>;
  readonly name: Input<string>;
  /** A path of the container; of a secret the name in /run/secrets. */
  readonly file: string;
}

/** A network, and the name that the tasks answer to there. */
export interface AttachedNetwork {
  readonly kind: string;
  readonly id: Input<string>;
  readonly alias?: string;
}

/** What the tasks of a service are attached to: made elsewhere. */
export interface TaskAttachments {
  /** With its digest, as every node pulls it on its own. */
  readonly image: Input<string>;
  readonly networks: readonly AttachedNetwork[];
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

function secretReference({ id, name, file }: TaskFile) {
  return { secretId: id, secretName: name, fileName: file };
}

function configReference({ id, name, file }: TaskFile) {
  return { configId: id, configName: name, fileName: file };
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
