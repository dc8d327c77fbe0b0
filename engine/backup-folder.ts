import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import type { BindMount, Topology } from '../stacks/topology.ts';
import { allows } from './checkout.ts';
import { isSocket } from './socket.ts';

/** Whether a mount is a folder of the engine's machine, not of the checkout. */
export function isHostFolder({ source }: Pick<BindMount, 'source'>): boolean {
  return isAbsolute(source) && !isSocket(source);
}

/**
 * Whether containers may use the folders of the host that settings name: Docker does not make one, and looks at no owner.
 * @param local whether the engine is on this host; elsewhere nothing can be looked at, and the service itself says it (run.sh).
 * @returns problems, a line each.
 */
export function folderProblems({ stack, services }: Topology, local: boolean): string[] {
  if (!local) return [];
  const used = services.flatMap(({ name, binds = [], user }) =>
    binds
      .filter((bind) => isHostFolder(bind) && !bind.readOnly)
      .map(({ source }) => ({ name, source, user })),
  );
  return used
    .map(({ name, source, user }) => problemOf(source, name, user))
    .filter((problem) => problem !== undefined)
    .map((problem) => `${stack}: ${problem}`);
}

function problemOf(folder: string, service: string, user: string): string | undefined {
  const [uid, gid] = user.split(':');
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat)
    return `there is no folder ${folder}. Run: sudo install -d -o ${uid} -g ${gid} -m 700 '${folder}'`;
  if (!stat.isDirectory()) return `${folder} is no folder. Run: pulumi config set backup.folder /srv/backups`;
  if (allows(stat, user, 0o7)) return undefined;
  const mode = (stat.mode & 0o777).toString(8);
  return (
    `${folder} belongs to ${stat.uid}:${stat.gid} with mode ${mode}, and ${service} writes there as ${user}. ` +
    `Run: sudo chown ${user} '${folder}'; sudo chmod 700 '${folder}'`
  );
}
