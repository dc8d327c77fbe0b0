import { readFileSync } from 'node:fs';
import { findBackup, runningContainer } from '../backups/backup-service.ts';
import { moveToFreshVolume, type Filling } from '../backups/fresh-volume.ts';
import { age, type Manifest } from '../backups/manifest.ts';
import { databaseFacts } from '../backups/side-database.ts';
import { wayBack } from '../backups/switch-over.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { confirm, tell, withDocker } from './with-docker.ts';

const usage = `npm run restore -- NAME [--stack STACK] [--key FILE] [--yes]
Puts a backup (or "latest") in place of a running stack's data: into a fresh volume beside the live one, looked at, and only
then switched to. The live volume is kept until you remove it. A restore that fails changes nothing.
  --stack STACK   which stack (default: staging)
  --key FILE      private key of an encrypted backup, PEM without a passphrase
  --yes           do not ask`;

const { values, positionals } = readArguments(usage, {
  allowPositionals: true,
  options: {
    stack: { type: 'string', default: 'staging' },
    key: { type: 'string' },
    yes: { type: 'boolean' },
  },
});
const { stack } = values;
const [name] = positionals;
if (name === undefined || positionals.length > 1) {
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

await withDocker(stack, async (docker) => {
  const settings = readStackFile(stack);
  const backup = await findBackup(docker, stack, name);
  const key = readKey(backup);
  const live = await databaseFacts(docker, await runningContainer(docker, stack, 'database'));
  const products = ({ rows }: Pick<Manifest, 'rows'>) => `${rows['product'] ?? 0} products`;
  const old = age(Date.now() - Date.parse(backup.started));
  await confirm(
    `This puts ${backup.name} (${old} old, ${products(backup)}) in place of the data of ${stack} (${products(live)}).`,
    stack,
    values.yes,
  );
  const filling: Filling = {
    fill: (side) => side.restore(backup, key),
    expected: () => Promise.resolve(backup.rows),
  };
  const before = await moveToFreshVolume(docker, settings, filling, tell);
  console.log(`\n${stack} has the data of ${backup.name}. What it had before is in the volume product-stack-${stack}-${before.databaseVolume}
  the way back:  ${wayBack(stack, before)}
  when you are sure:  docker volume rm product-stack-${stack}-${before.databaseVolume}`);
});
