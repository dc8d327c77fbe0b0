import { readFileSync } from 'node:fs';
import { findBackup, runningContainer } from '../backups/backup-service.ts';
import { fetchBackup } from '../backups/bucket.ts';
import { moveToFreshVolume, type Filling } from '../backups/fresh-volume.ts';
import { baseFor, listBases, parseTime, untilKept } from '../backups/history.ts';
import { age, type Facts, type Manifest } from '../backups/manifest.ts';
import { needOwnDatabase } from '../backups/own-database.ts';
import { databaseFacts } from '../backups/side-database.ts';
import { wayBack } from '../backups/switch-over.ts';
import { alone } from '../engine/at-work.ts';
import type { DockerCli } from '../engine/docker-cli.ts';
import { stackPrefix } from '../stacks/labels.ts';
import type { Settings } from '../stacks/settings.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { confirm, tell, needOneEngine, untilStopped, withDocker } from './with-docker.ts';

const usage = `npm run restore -- NAME | --time TIME [--stack STACK] [--key FILE] [--yes]
Puts a backup (or "latest") or the data of a moment in place of a running stack's data: into a fresh volume beside the live one, looked at, and only
then switched to. The live volume is kept until you remove it. A restore that fails changes nothing.
A backup that is only in the stack's bucket (backup.s3.bucket) is fetched from there first.
  --stack STACK   which stack (default: staging)
  --time TIME     go back to this second, such as 2026-11-24T10:15:00Z; needs the setting backup.pointInTime
  --key FILE      private key of an encrypted backup, PEM without a passphrase
  --yes           do not ask`;

const { values, positionals } = readArguments(usage, {
  allowPositionals: true,
  options: {
    stack: { type: 'string', default: 'staging' },
    key: { type: 'string' },
    time: { type: 'string' },
    yes: { type: 'boolean' },
  },
});
const { stack } = values;
const [name] = positionals;
if ((name === undefined) === (values.time === undefined) || positionals.length > 1) {
  console.error(usage);
  process.exit(2);
}

/** The private key's text. @throws Error when one is needed and not given, or cannot be read. */
function readKey({ encrypted, name }: Manifest): string | undefined {
  if (!encrypted) return undefined;
  if (!values.key)
    throw new Error(`${name} is encrypted. Add --key FILE, the private key of backup.encryptTo`);
  return readFileSync(values.key, 'utf8');
}

/** What is brought in, and in words that complete "This puts …". */
interface Source extends Filling {
  readonly what: string;
}

async function fromBackup(docker: DockerCli, settings: Settings, name: string): Promise<Source> {
  await fetchBackup(docker, settings, name);
  const backup = await findBackup(docker, stack, name);
  const key = readKey(backup);
  const old = age(Date.now() - Date.parse(backup.started));
  return {
    what: `${backup.name} (${old} old, ${products(backup)})`,
    fill: (side) => side.restore(backup, key),
    expected: () => Promise.resolve(backup.rows),
  };
}

async function fromHistory(docker: DockerCli, text: string, live: string): Promise<Source> {
  const time = parseTime(text, Date.now());
  const base = baseFor(await listBases(docker, stack), time);
  if (base.history === live) await untilKept(docker, stack, live);
  return {
    what: `everything as it was at ${time.toISOString()}`,
    prepare: (side) => side.unpack(base, time),
    fill: (side) => side.forgetRecovery(),
  };
}

function products({ rows }: Facts): string {
  return `${rows['product'] ?? 0} products`;
}

await withDocker(stack, async (docker) => {
  const settings = readStackFile(stack);
  needOwnDatabase(settings);
  needOneEngine(settings, 'Put a dump into it as docs/swarm.md says');
  const source =
    name === undefined
      ? await fromHistory(docker, values.time!, settings.databaseVolume)
      : await fromBackup(docker, settings, name);
  const database = await runningContainer(docker, stack, 'database');
  const live = await databaseFacts(docker, database);
  const question = `This puts ${source.what} in place of the data of ${stack} (${products(live)}).`;
  await confirm(question, stack, values.yes);
  const signal = untilStopped();
  const work = { stack, what: `a restore of ${name ?? values.time}`, beside: database };
  const before = await alone(docker, work, () => moveToFreshVolume(docker, settings, source, tell, signal));
  const now = await databaseFacts(docker, await runningContainer(docker, stack, 'database'));
  const old = `${stackPrefix(stack)}-${before.databaseVolume}`;
  console.log(`\n${stack} has ${source.what}: ${products(now)}. What it had before is in the volume ${old}
  the way back:  ${wayBack(stack, before)}
  when you are sure:  docker volume rm ${old}`);
});
