import type * as docker from '@pulumi/docker';
import { labelKeys } from '../../stacks/labels.ts';
import type { Workload } from '../../stacks/topology.ts';

type Mount = docker.types.input.ServiceTaskSpecContainerSpecMount;

/** Swarm mounts these noexec, nosuid and nodev, as root's: one user runs in the container, and may write there. */
export function tmpfsMounts({ tmpfs, shmMiB }: Workload): Mount[] {
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
export function volumeMounts(
  { volumes }: Workload,
  { prefix, stack }: { prefix: string; stack: string },
): Mount[] {
  return volumes.map(({ volume, target, readOnly = false }) => ({
    target,
    type: 'volume',
    source: `${prefix}-${volume}`,
    readOnly,
    volumeOptions: { labels: [{ label: labelKeys.stack, value: stack }] },
  }));
}
