import type { DockerCli } from '../engine/docker-cli.ts';
import { uploadName, uploads } from '../stacks/backup-upload.ts';
import type { Settings } from '../stacks/settings.ts';
import { listBackups, runningContainer } from './backup-service.ts';
import { age, timeOf } from './manifest.ts';

/** What is known of the bucket that backups are copied to. */
export interface Bucket {
  /** The backups in it, oldest first. */
  readonly names: readonly string[];
  /** Why the last try to copy failed; empty when it did not. */
  readonly problem: string;
}

/** What database/upload/carry.sh leaves: names, an empty line, and what is wrong. */
export function parseBucket(text: string): Bucket {
  const [names = '', problem = ''] = text.split('\n\n', 2);
  return { names: names.split('\n').filter(Boolean), problem: problem.trim() };
}

/** Asks what copies; undefined where the stack has no bucket. @throws Error when it does not run. */
export async function readBucket(docker: DockerCli, settings: Settings): Promise<Bucket | undefined> {
  if (!uploads(settings)) return undefined;
  const container = await runningContainer(docker, settings.stack, uploadName);
  return parseBucket(
    await docker.run('exec', container, 'sh', '-c', 'cd /tmp && cat there && echo && cat problem'),
  );
}

/** What `npm run backups` says of the bucket below its table, a line each. @param now milliseconds since 1970. */
export function bucketText({ names, problem }: Bucket, here: readonly string[], now: number): string[] {
  const newest = names.at(-1);
  const old = newest === undefined ? '' : `, the newest ${age(now - timeOf(newest))} old`;
  const alone = names.filter((name) => !here.includes(name)).reverse();
  return [
    `in the bucket: ${names.length}${old}`,
    ...(alone.length > 0
      ? [`only there: ${alone.slice(0, 5).join(', ')}${alone.length > 5 ? ', …' : ''}`]
      : []),
    ...(problem === '' ? [] : [problem]),
  ];
}

/** Brings a backup from the bucket to those here, verified, where it is not here already. @throws Error when it is not there either. */
export async function fetchBackup(docker: DockerCli, settings: Settings, name: string): Promise<void> {
  const { stack } = settings;
  if (!uploads(settings) || name === 'latest') return;
  if ((await listBackups(docker, stack)).some(({ manifest }) => manifest.name === name)) return;
  const there = await runningContainer(docker, stack, uploadName);
  const here = await runningContainer(docker, stack, 'backup');
  const fetch = (file: string) => ['exec', there, 'sh', '/etc/product-stack/upload/fetch.sh', file];
  const manifest = (await docker.run(...fetch(`${name}.json`))).trim();
  if (manifest === '')
    throw new Error(
      `${stack} has no backup ${name}, neither here nor in its bucket. Run: npm run backups -- --stack ${stack}`,
    );
  const takeIn = ['bash', '/etc/product-stack/backup/take-in.sh', name, manifest];
  await docker.piped(fetch(`${name}.dump`), ['exec', '-i', here, ...takeIn]);
}
