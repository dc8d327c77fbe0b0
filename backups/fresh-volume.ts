import type { DockerCli } from '../engine/docker-cli.ts';
import { stackContainers } from '../ops/stack-containers.ts';
import { stackPrefix } from '../stacks/labels.ts';
import { productTopology } from '../stacks/product.ts';
import type { Settings } from '../stacks/settings.ts';
import { rowDifferences, type Facts } from './manifest.ts';
import { SideDatabase } from './side-database.ts';
import { switchOver, type Target } from './switch-over.ts';

/** How data comes to a fresh volume. */
export interface Filling {
  /** Puts something into the volume before a Postgres starts on it. */
  prepare?(side: SideDatabase): Promise<void>;
  /** Brings the data in. */
  fill(side: SideDatabase): Promise<void>;
  /** What must be there then, where that is known. */
  expected?(): Promise<Facts['rows']>;
}

/** The name of a volume that does not exist yet: the time makes it so. */
export function freshVolumeName(now: Date): string {
  return `database-data-${now.toISOString().slice(0, 19).replaceAll(':', '-').replace('T', 't')}`;
}

/**
 * Moves a stack to a fresh volume: filled beside the live one, looked at, switched to. The live volume is kept.
 * @param signal stops it before the switch, which takes seconds and is made or undone. @returns what was before.
 * @throws Error when anything fails; then everything is as it was.
 */
export async function moveToFreshVolume(
  docker: DockerCli,
  settings: Settings,
  filling: Filling,
  tell: (line: string) => void,
  signal: AbortSignal,
  more: Target = {},
): Promise<Target> {
  const target = { ...more, databaseVolume: freshVolumeName(new Date()) };
  const names = Object.keys(target) as (keyof Target)[];
  const before: Target = Object.fromEntries(names.map((name) => [name, settings[name]]));
  await fillFreshVolume(docker, { ...settings, ...target }, filling, tell, signal);
  try {
    switchOver(settings.stack, target, before);
  } catch (error) {
    const volume = `${stackPrefix(settings.stack)}-${target.databaseVolume}`;
    // The new database may have served before something else failed.
    throw new Error(
      `${(error as Error).message}\nWhat may have been written meanwhile is in the volume ${volume}. When you are sure: docker volume rm ${volume}`,
      { cause: error },
    );
  }
  return before;
}

/**
 * Fills a fresh volume beside the live one: data in, rows counted, migrations of the running release. The volume is left for a
 * switch; when anything fails it is removed, and the live one was never touched.
 * @param settings the stack as it will be, on the fresh volume.
 * @throws Error with what is wrong.
 */
async function fillFreshVolume(
  docker: DockerCli,
  settings: Settings,
  { prepare, fill, expected }: Filling,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const side = new SideDatabase(docker, productTopology(settings), signal);
  const migration = await migrationImage(docker, settings.stack);
  try {
    tell(`a fresh Postgres beside the live one, on the volume ${side.volume} …`);
    await side.start(prepare);
    tell('bringing the data in …');
    await fill(side);
    if (expected) await check(side, await expected());
    if (migration) await side.migrate(migration);
    tell('looked at, and complete');
    await side.keep();
  } catch (error) {
    const isFull = await side.isFull();
    await side.discard();
    if (signal.aborted) throw new Error('stopped; nothing was changed', { cause: error });
    throw isFull ? new Error(fullText, { cause: error }) : error;
  }
}

const fullText =
  'the disk of the engine is full: it must have room for the data once more. Nothing was changed. Make room, such as by docker volume rm of volumes that earlier restores have kept';

async function check(side: SideDatabase, expected: Facts['rows']): Promise<void> {
  const problems = rowDifferences(expected, (await side.facts()).rows);
  if (problems.length > 0) throw new Error(`what arrived is not what was there:\n${problems.join('\n')}`);
}

/** The image of the stack's migration job; undefined where it has none. */
async function migrationImage(docker: DockerCli, stack: string): Promise<string | undefined> {
  const job = (await stackContainers(docker, stack)).find(
    ({ service, role }) => service === 'migrate' && role === 'job',
  );
  return job && (await docker.run('inspect', '--format', '{{.Image}}', job.id)).trim();
}
