import { accessSync, constants, statSync, type Stats } from 'node:fs';
import type { Topology } from '../stacks/topology.ts';
import { isHostFolder } from './backup-folder.ts';
import { isSocket } from './socket.ts';

/**
 * Looks at the folders that containers are to share with this checkout: are they here, and may the containers' user use them.
 * @param local whether the engine is on this host; another one has no such folders.
 * @returns problems, a line each.
 */
export function checkoutProblems({ stack, services }: Topology, local: boolean): string[] {
  const shared = services
    .flatMap(({ binds = [], user }) => binds.map((bind) => ({ ...bind, user })))
    .filter((bind) => !isSocket(bind.source) && !isHostFolder(bind));
  if (shared.length === 0) return [];
  if (!local)
    return [`${stack}: dev shares this checkout with its containers, so its engine must be on this host`];
  const problems = shared.map(({ source, user, readOnly }) => problemOf(source, user, readOnly));
  return [...new Set(problems.filter((problem) => problem !== undefined))].map((one) => `${stack}: ${one}`);
}

function problemOf(folder: string, user: string, readOnly: boolean): string | undefined {
  const stat = statSync(folder, { throwIfNoEntry: false });
  if (!stat?.isDirectory()) return `there is no folder ${folder}. Run: git checkout -- ${folder}`;
  if (!allows(stat, user, readOnly ? 0o5 : 0o7)) return refused(folder, stat, user);
  return !readOnly && onReadOnlyDisk(folder)
    ? `${folder} is on a read-only file system, and dev writes there. Use a checkout on a writable one`
    : undefined;
}

/** Whether a user may do all that is `wanted` (octal, as of others) with a file. Decided by numbers alone: in its container it has no groups but its own. */
export function allows({ uid, gid, mode }: Stats, user: string, wanted: number): boolean {
  const [ownUid, ownGid] = user.split(':').map(Number);
  const shift = uid === ownUid ? 6 : gid === ownGid ? 3 : 0;
  return ((mode >> shift) & wanted) === wanted;
}

function refused(folder: string, { uid, gid, mode }: Stats, user: string): string {
  const what = `${folder} belongs to ${uid}:${gid} with mode ${(mode & 0o777).toString(8)}, and dev would use it as ${user}`;
  return uid === Number(user.split(':')[0])
    ? `${what}. Run: chmod -R u+rwX ${folder}`
    : `${what}. Use a checkout of your own`;
}

function onReadOnlyDisk(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EROFS';
  }
}
