import type { DockerCli } from '../engine/docker-cli.ts';
import { stackContainers } from '../ops/stack-containers.ts';
import { productTopology } from '../stacks/product.ts';
import type { Settings } from '../stacks/settings.ts';
import { rowDifferences, type Manifest } from './manifest.ts';
import { SideDatabase } from './side-database.ts';

/** How data comes to a fresh volume. */
export interface Filling {
  /** Brings the data in. */
  fill(side: SideDatabase): Promise<void>;
  /** What must be there then. */
  expected(): Promise<Manifest['rows']>;
}

/** The name of a volume that does not exist yet: the time makes it so. */
export function freshVolumeName(now: Date): string {
  return `database-data-${now.toISOString().slice(0, 19).replaceAll(':', '-').replace('T', 't')}`;
}

/**
 * Fills a fresh volume beside the live one: data in, rows counted, migrations of the running release. The volume is left for a
 * switch; when anything fails it is removed, and the live one was never touched.
 * @param settings the stack as it will be, on the fresh volume.
 * @throws Error with what is wrong.
 */
export async function fillFreshVolume(
  docker: DockerCli,
  settings: Settings,
  { fill, expected }: Filling,
  tell: (line: string) => void,
): Promise<void> {
  const side = new SideDatabase(docker, productTopology(settings));
  const migration = await migrationImage(docker, settings.stack);
  try {
    tell(`a fresh Postgres beside the live one, on the volume ${side.volume} …`);
    await side.start();
    tell('bringing the data in …');
    await fill(side);
    await check(side, await expected());
    if (migration) await side.migrate(migration);
    tell('looked at, and complete');
    await side.keep();
  } catch (error) {
    await side.discard();
    throw error;
  }
}

async function check(side: SideDatabase, expected: Manifest['rows']): Promise<void> {
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
