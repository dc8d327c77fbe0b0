import { makeBackup } from '../backups/backup-service.ts';
import { needOwnDatabase } from '../backups/own-database.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { withDocker } from './with-docker.ts';

const usage = `npm run backup -- [--stack STACK] [--node HOST]
Makes a backup of a running stack's database now, verifies it, and prunes as scheduled ones do (default: staging).
  --node HOST    of a Swarm: the engine of the node with the data, such as ssh://deploy@node2`;

const { values } = readArguments(usage, {
  options: { stack: { type: 'string', default: 'staging' }, node: { type: 'string' } },
});

await withDocker(
  values.stack,
  (docker) => {
    needOwnDatabase(readStackFile(values.stack));
    return makeBackup(docker, values.stack);
  },
  values.node,
);
