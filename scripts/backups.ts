import { listBackups } from '../backups/backup-service.ts';
import { backupsText } from '../backups/manifest.ts';
import { needOwnDatabase } from '../backups/own-database.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { withDocker } from './with-docker.ts';

const usage = `npm run backups -- [--stack STACK] [--json] [--node HOST]
Lists a running stack's backups, newest first: age, size, rows, and what keeps them (default: staging).
  --json         the same for programs
  --node HOST    of a Swarm: the engine of the node with the data, such as ssh://deploy@node2`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string', default: 'staging' },
    json: { type: 'boolean' },
    node: { type: 'string' },
  },
});

await withDocker(
  values.stack,
  async (docker) => {
    needOwnDatabase(readStackFile(values.stack));
    const listing = await listBackups(docker, values.stack);
    const asData = () => listing.map(({ manifest, kept }) => ({ ...manifest, kept }));
    console.log(
      values.json ? JSON.stringify(asData(), undefined, 2) : backupsText(values.stack, listing, Date.now()),
    );
  },
  values.node,
);
