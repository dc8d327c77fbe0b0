import { resolve } from 'node:path';
import type * as docker from '@pulumi/docker';
import type { Input } from '@pulumi/pulumi';
import { labelKeys, type Role } from '../stacks/labels.ts';
import {
  maxRestarts,
  type BindMount,
  type HealthCheck,
  type Service,
  type Workload,
} from '../stacks/topology.ts';

/** The labels of one container. */
export function labels(stack: string, service: string, role: Role): { label: string; value: string }[] {
  return [
    { label: labelKeys.role, value: role },
    { label: labelKeys.service, value: service },
    { label: labelKeys.stack, value: stack },
  ];
}

/** What a container is attached to: made elsewhere, known by name. */
export interface Attachments {
  readonly image: Input<string>;
  readonly networks: { name: Input<string>; alias?: string }[];
  readonly volumes: { name: Input<string>; target: string; readOnly: boolean }[];
}

/** The arguments that are the same whatever a workload's container is for; closed by default. */
export function containerArgs(
  workload: Workload,
  { image, networks, volumes }: Attachments,
): docker.ContainerArgs {
  return {
    image,
    ...(workload.entrypoint && { entrypoints: [...workload.entrypoint] }),
    command: workload.command && [...workload.command],
    envs: Object.entries(workload.env)
      .map(([name, value]) => `${name}=${value}`)
      .sort(),
    user: workload.user,
    tmpfs: { ...workload.tmpfs },
    ...limits(workload),
    ...hardening,
    ...logRotation,
    // Without an explicit mode the second preview is not empty; the provider leaves docker0 for the networks below.
    networkMode: networks.length > 0 ? 'bridge' : 'none',
    networksAdvanced: networks.map(({ name, alias }) => ({
      name,
      aliases: alias === undefined ? [] : [alias],
    })),
    // Unlike a volume with a host path, a mount whose source is missing fails: Docker would make it, and root would own it.
    ...(workload.binds && { mounts: workload.binds.map(bindMount) }),
    volumes: volumes.map(({ name, target, readOnly }) => ({
      volumeName: name,
      containerPath: target,
      readOnly,
    })),
  };
}

function bindMount({ source, target, readOnly }: BindMount): docker.types.input.ContainerMount {
  return { type: 'bind', source: resolve(source), target, readOnly };
}

/** `memorySwap` equal to `memory` means no swap. */
function limits({ memoryMiB, cpus, shmMiB }: Workload): Partial<docker.ContainerArgs> {
  return { memory: memoryMiB, memorySwap: memoryMiB, cpus: cpuText(cpus), shmSize: shmMiB ?? 64 };
}

/** As the provider prints it back (nanoInt64ToDecimalString), else the second preview is not empty: 2 → "2.0", 0.5 → "0.5". */
function cpuText(cpus: number): string {
  const text = String(cpus);
  return Number.isInteger(cpus) && !text.includes('0') ? `${text}.0` : text;
}

const hardening = {
  readOnly: true,
  init: true,
  capabilities: { drops: ['ALL'] },
  securityOpts: ['no-new-privileges:true'],
  // With ndots set, Docker answers a service's name itself even when it has no replica, instead of asking the host's DNS: nginx then
  // knows at once that there is none, and no name leaves the stack.
  dnsOpts: ['ndots:1'],
} satisfies Partial<docker.ContainerArgs>;

const logRotation = { logDriver: 'json-file', logOpts: { 'max-file': '3', 'max-size': '10m' } };

/** Restarts after a failure, at most five times; a container that keeps failing stays down. */
export const boundedRestarts = {
  restart: 'on-failure',
  maxRetryCount: maxRestarts,
} satisfies Partial<docker.ContainerArgs>;

/** Runs until it ends; nobody brings it back. */
export const noRestarts = { restart: 'no', mustRun: false } satisfies Partial<docker.ContainerArgs>;

/** A stop that asks first: SIGTERM, then a kill after the service's grace. */
export function gracefulStop({
  stopGraceSeconds,
}: Pick<Service, 'stopGraceSeconds'>): Partial<docker.ContainerArgs> {
  return { stopSignal: 'SIGTERM', stopTimeout: stopGraceSeconds, destroyGraceSeconds: stopGraceSeconds };
}

/** A health check in the provider's words; `up` waits until it passes, at most `waitSeconds`. */
export function healthcheck(check: HealthCheck, waitSeconds: number): Partial<docker.ContainerArgs> {
  return {
    healthcheck: {
      tests: [...check.test],
      interval: duration(check.interval),
      timeout: duration(check.timeout),
      retries: check.retries,
      startPeriod: duration(check.startPeriod),
    },
    wait: true,
    waitTimeout: waitSeconds,
  };
}

/** Durations as the engine prints them back, else the second preview is not empty. */
function duration(seconds: number): string {
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}

/** In-place updates of these are silently not applied (kreuzwerker/terraform-provider-docker#988), so they replace. */
export const replaceOnChanges = ['healthcheck', 'tmpfs', 'init', 'cpus', 'stopTimeout', 'stopSignal'];
