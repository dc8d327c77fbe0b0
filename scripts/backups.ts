import { listBackups } from '../backups/backup-service.ts';
import { bucketText, readBucket } from '../backups/bucket.ts';
import { backupsText } from '../backups/manifest.ts';
import { needOwnDatabase } from '../backups/own-database.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';
import { withDocker } from './with-docker.ts';

const usage = `npm run backups -- [--stack STACK] [--json] [--node HOST]
Lists a running stack's backups, newest first: age, size, rows, what keeps them, and whether they are in its bucket (default: staging).
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
    const settings = readStackFile(values.stack);
    needOwnDatabase(settings);
    const listing = await listBackups(docker, values.stack);
    const bucket = await readBucket(docker, settings);
    const uploaded = bucket?.names;
    const asData = () =>
      listing.map(({ manifest, kept }) => ({
        ...manifest,
        kept,
        ...(uploaded && { uploaded: uploaded.includes(manifest.name) }),
      }));
    const here = listing.map(({ manifest }) => manifest.name);
    const asText = () => [
      backupsText(values.stack, listing, Date.now(), uploaded),
      ...(bucket ? ['', ...bucketText(bucket, here, Date.now())] : []),
    ];
    console.log(values.json ? JSON.stringify(asData(), undefined, 2) : asText().join('\n'));
  },
  values.node,
);
