import { statSync } from 'node:fs';
import type { Topology } from '../stacks/topology.ts';

/** Whether a mount is the engine's socket, not a folder of the checkout. */
export function isSocket(source: string): boolean {
  return source.endsWith('/docker.sock');
}

/**
 * Whether the group that a container is in may use the engine's socket.
 * @param local whether the engine is on this host; elsewhere nothing can be looked at.
 * @returns problems, a line each.
 */
export function socketProblems({ stack, services }: Topology, local: boolean): string[] {
  if (!local) return [];
  return services.flatMap(({ binds = [], user }) =>
    binds
      .filter(({ source }) => isSocket(source))
      .flatMap(({ source }) => problemOf(source, user.split(':')[1]!))
      .map((problem) => `${stack}: ${problem}`),
  );
}

function problemOf(socket: string, group: string): string[] {
  const stat = statSync(socket, { throwIfNoEntry: false });
  if (!stat) return [`there is no ${socket} here. Run: pulumi config rm metrics.dockerGroup`];
  if (String(stat.gid) === group) return [];
  const mend = stat.gid === 0 ? 'rm metrics.dockerGroup' : `set metrics.dockerGroup ${stat.gid}`;
  return [
    `metrics.dockerGroup is ${group}, and ${socket} belongs to group ${stat.gid}. Run: pulumi config ${mend}`,
  ];
}
