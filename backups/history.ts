import type { DockerCli } from '../engine/docker-cli.ts';
import { archiveVolume } from '../stacks/backup.ts';
import { runningContainer } from './backup-service.ts';
import { timeOf } from './manifest.ts';

/** A copy of a whole Postgres; `history` is the data volume that it was made of, `name` the time when it was complete. */
export interface Base {
  readonly history: string;
  readonly name: string;
}

/** What a time must look like: to the second, or finer, with its zone. */
const pattern = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:?\d\d)$/;

/** A time of the command line. @throws Error with an example when it is none, or has not been yet. */
export function parseTime(text: string, now: number): Date {
  const time = pattern.test(text) ? new Date(text.replace(' ', 'T')) : undefined;
  if (!time || Number.isNaN(time.getTime()))
    throw new Error(`--time must be like 2026-11-24T10:15:00Z, with its zone, got "${text}"`);
  if (time.getTime() > now) throw new Error(`--time ${text} has not been yet`);
  return time;
}

/** The newest copy that was complete at `time`. @throws Error that says from when on there is one. */
export function baseFor(bases: readonly Base[], time: Date): Base {
  const sorted = [...bases].sort((a, b) => a.name.localeCompare(b.name));
  const found = sorted.findLast(({ name }) => timeOf(name) <= time.getTime());
  if (found) return found;
  const first = sorted[0]
    ? `The first is of ${new Date(timeOf(sorted[0].name)).toISOString()}`
    : 'There is none yet';
  throw new Error(`nothing is kept to go back to ${time.toISOString()} from. ${first}`);
}

/** All copies that a stack keeps. @throws Error with what to do when it keeps none. */
export async function listBases(docker: DockerCli, stack: string): Promise<Base[]> {
  const script = 'cd "$ARCHIVE" && ls -d */base/*/ 2>/dev/null; true';
  const lines = await docker.lines('exec', await archiver(docker, stack), 'bash', '-c', script);
  return lines
    .map((line) => line.split('/'))
    .map(([history, , name]) => ({ history: history!, name: name! }));
}

function archiver(docker: DockerCli, stack: string): Promise<string> {
  const missing = `${stack} cannot go back in time. Run: pulumi config set backup.pointInTime true --stack ${stack}; npm start -- ${stack}`;
  return runningContainer(docker, stack, archiveVolume, missing);
}

/**
 * Waits until all that the live Postgres has written so far is kept, with a commit behind it: without one, recovery could not
 * tell that it has passed the time. @throws Error when it does not arrive within 30 s.
 */
export async function untilKept(docker: DockerCli, stack: string, history: string): Promise<void> {
  const sql = 'SELECT txid_current(); SELECT pg_walfile_name(pg_switch_wal())';
  const database = await runningContainer(docker, stack, 'database');
  const file = (await docker.lines('exec', database, 'psql', '-U', 'postgres', '-qAtX', '-c', sql)).at(-1)!;
  const wanted = [
    'exec',
    await archiver(docker, stack),
    'sh',
    '-c',
    `test -e "$ARCHIVE/${history}/wal/${file}"`,
  ];
  for (const until = Date.now() + 30_000; Date.now() < until;) {
    if (await docker.succeeds(...wanted)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(
    `${stack}: what Postgres wrote last has not arrived in the archive. Run: npm run logs -- ${archiveVolume}`,
  );
}
