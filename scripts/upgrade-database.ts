import { runningContainer } from '../backups/backup-service.ts';
import { moveToFreshVolume, type Filling } from '../backups/fresh-volume.ts';
import { needOwnDatabase } from '../backups/own-database.ts';
import { databaseFacts } from '../backups/side-database.ts';
import { wayBack } from '../backups/switch-over.ts';
import type { DockerCli } from '../engine/docker-cli.ts';
import { stackPrefix } from '../stacks/labels.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { confirm, tell, needOneEngine, withDocker } from './with-docker.ts';

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

/**
 * Whether anybody may write from now on. A connection keeps what was so when it was opened, so all are ended; their owners open new
 * ones. Every start of this database lets all write again (database/roles.sql).
 */
async function setReadOnly(docker: DockerCli, database: string, readOnly: boolean): Promise<void> {
  const rule = `ALTER DATABASE product ${readOnly ? 'SET default_transaction_read_only = on' : 'RESET default_transaction_read_only'}`;
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'product' AND pid <> pg_backend_pid()`;
  // Two transactions: who comes back between the end and the rule would write on.
  await docker.run('exec', database, 'psql', '-U', 'postgres', '-qAtX', '-c', rule, '-c', end);
}

await withDocker(stack, async (docker) => {
  const settings = readStackFile(stack);
  needOwnDatabase(settings);
  needOneEngine(settings, 'Put a dump into it as docs/swarm.md says');
  const live = await runningContainer(docker, stack, 'database');
  const { postgres } = await databaseFacts(docker, live);
  await confirm(`This moves ${stack} from Postgres ${postgres} to ${postgresImage}.`, stack, values.yes);
  const filling: Filling = {
    fill: (side) => side.copyFrom(live),
    expected: async () => (await databaseFacts(docker, live)).rows,
  };
  await setReadOnly(docker, live, true);
  const move = moveToFreshVolume(docker, settings, filling, tell, { postgresImage });
  // After a switch that failed, the database that is up has undone it by itself.
  const before = await move.catch(async (error: unknown) => {
    await setReadOnly(docker, live, false).catch(() => undefined);
    throw error;
  });
  const now = await databaseFacts(docker, await runningContainer(docker, stack, 'database'));
  const old = `${stackPrefix(stack)}-${before.databaseVolume}`;
  console.log(`\n${stack} runs on Postgres ${now.postgres}. What it had before is in the volume ${old}
  the way back (what was written since is not there):  ${wayBack(stack, before)}
  when you are sure:  docker volume rm ${old}`);
});
