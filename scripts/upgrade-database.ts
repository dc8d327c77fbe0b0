import { runningContainer } from '../backups/backup-service.ts';
import { moveToFreshVolume, type Filling } from '../backups/fresh-volume.ts';
import { needOwnDatabase } from '../backups/own-database.ts';
import { databaseFacts } from '../backups/side-database.ts';
import { wayBack, type Target } from '../backups/switch-over.ts';
import { alone } from '../engine/at-work.ts';
import type { DockerCli, Held } from '../engine/docker-cli.ts';
import { stackPrefix } from '../stacks/labels.ts';
import type { Settings } from '../stacks/settings.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { confirm, tell, needOneEngine, untilStopped, withDocker } from './with-docker.ts';

const usage = `npm run upgrade-database -- IMAGE [--stack STACK] [--yes]
Moves a running stack's data to another Postgres, such as postgres:18-trixie: copied into a fresh volume beside the live one, counted,
and only then switched to. Reads go on meanwhile; writes are answered 503 with Retry-After. The live volume is kept: there is a way back.
  --stack STACK   which stack (default: staging)
  --yes           do not ask`;

const { values, positionals } = readArguments(usage, {
  allowPositionals: true,
  options: { stack: { type: 'string', default: 'staging' }, yes: { type: 'boolean' } },
});
const { stack } = values;
const [postgresImage] = positionals;
if (postgresImage === undefined || positionals.length > 1) {
  console.error(usage);
  process.exit(2);
}

const rule = 'ALTER DATABASE product SET default_transaction_read_only = on';
const noRule = 'ALTER DATABASE product RESET default_transaction_read_only';
const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'product' AND pid <> pg_backend_pid()`;

/**
 * Lets nobody write until it is released, or this process is gone. A connection keeps what was so when it was opened, so all are ended; their
 * owners open new ones. Every start of this database lets all write again (database/roles.sql).
 */
function holdReadOnly(docker: DockerCli, database: string): Promise<Held> {
  // Two transactions: who comes back between the end and the rule would write on.
  const psql = 'psql -U postgres -qAtX -v ON_ERROR_STOP=1';
  const script = `trap '${psql} -c "$2" -c "$3" >/dev/null' EXIT; ${psql} -c "$1" -c "$3" >/dev/null && echo held && cat`;
  return docker.held(['exec', '--interactive', database, 'bash', '-c', script, 'bash', rule, noRule, end]);
}

async function move(docker: DockerCli, settings: Settings, live: string): Promise<Target> {
  const signal = untilStopped();
  const held = await holdReadOnly(docker, live);
  const filling: Filling = {
    fill: (side) => side.copyFrom(live),
    expected: async () => {
      if (!held.isHeld()) throw new Error('Postgres ended meanwhile, and may have been written to since');
      return (await databaseFacts(docker, live)).rows;
    },
  };
  try {
    return await moveToFreshVolume(docker, settings, filling, tell, signal, { postgresImage });
  } finally {
    await held.release();
  }
}

await withDocker(stack, async (docker) => {
  const settings = readStackFile(stack);
  needOwnDatabase(settings);
  needOneEngine(settings, 'Put a dump into it as docs/swarm.md says');
  const live = await runningContainer(docker, stack, 'database');
  const { postgres } = await databaseFacts(docker, live);
  await confirm(`This moves ${stack} from Postgres ${postgres} to ${postgresImage}.`, stack, values.yes);
  const work = { stack, what: `an upgrade to ${postgresImage}`, beside: live };
  const before = await alone(docker, work, () => move(docker, settings, live));
  const now = await databaseFacts(docker, await runningContainer(docker, stack, 'database'));
  const old = `${stackPrefix(stack)}-${before.databaseVolume}`;
  console.log(`\n${stack} runs on Postgres ${now.postgres}. What it had before is in the volume ${old}
  the way back (what was written since is not there):  ${wayBack(stack, before)}
  when you are sure:  docker volume rm ${old}`);
});
