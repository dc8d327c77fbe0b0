import type { Workload } from '../stacks/topology.ts';

/** What is limited of a container. */
export type Limits = Pick<Workload, 'user' | 'memoryMiB' | 'cpus' | 'shmMiB' | 'tmpfs'>;

/** The limits and hardening of a workload, in the words of `docker run`. */
export function closed({ user, memoryMiB, cpus, shmMiB, tmpfs }: Limits): string[] {
  return [
    ...['--init', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
    ...['--user', user, '--cpus', String(cpus), '--shm-size', `${shmMiB ?? 64}m`],
    ...['--memory', `${memoryMiB}m`, '--memory-swap', `${memoryMiB}m`],
    ...Object.entries(tmpfs).flatMap(([path, options]) => ['--tmpfs', `${path}:${options}`]),
  ];
}

/** Environment in the words of `docker run`. */
export function environment(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}
