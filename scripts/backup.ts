import { makeBackup } from '../backups/backup-service.ts';
import { readArguments } from './arguments.ts';
import { withDocker } from './with-docker.ts';

const usage = `npm run backup -- [--stack STACK]
Makes a backup of a running stack's database now, verifies it, and prunes as scheduled ones do (default: staging).`;

const { values } = readArguments(usage, { options: { stack: { type: 'string', default: 'staging' } } });

await withDocker(values.stack, (docker) => makeBackup(docker, values.stack));
