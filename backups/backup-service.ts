import type { DockerCli } from '../engine/docker-cli.ts';
import { stackContainers } from '../ops/stack-containers.ts';
import { listScript, parseListing, type Listed, type Manifest } from './manifest.ts';

/**
 * The running container of `service` in a stack.
 * @param missing what to say where the stack is up and has no such service. @throws Error with what to do when there is none.
 */
export async function runningContainer(
  docker: DockerCli,
  stack: string,
  service: string,
  missing?: string,
): Promise<string> {
  const containers = await stackContainers(docker, stack);
  const found = containers.find(
    (one) => one.service === service && one.role === 'replica' && one.state === 'running',
  );
  if (found) return found.id;
  const isUp = containers.length > 0;
  throw new Error((isUp && missing) || `${stack}: ${service} does not run. Run: npm start -- ${stack}`);
}

function backupContainer(docker: DockerCli, stack: string): Promise<string> {
  const missing = `${stack} makes no backups. Run: pulumi config set backup.schedule '0 3 * * *' --stack ${stack}; npm start -- ${stack}`;
  return runningContainer(docker, stack, 'backup', missing);
}

/** Makes a backup now; its progress goes to standard error. @throws DockerError when it fails. */
export async function makeBackup(docker: DockerCli, stack: string): Promise<void> {
  const container = await backupContainer(docker, stack);
  await docker.attended(['exec', container, 'bash', '/etc/product-stack/backup/dump.sh', 'asked']);
}

/** All backups of a stack, newest first. */
export async function listBackups(docker: DockerCli, stack: string): Promise<Listed[]> {
  const container = await backupContainer(docker, stack);
  return parseListing(await docker.run('exec', container, 'bash', '-c', listScript));
}

/** The backup of a name, or the newest for `latest`. @throws Error that lists the names there are. */
export async function findBackup(docker: DockerCli, stack: string, name: string): Promise<Manifest> {
  const all = (await listBackups(docker, stack)).map(({ manifest }) => manifest);
  const found = name === 'latest' ? all[0] : all.find((one) => one.name === name);
  if (found) return found;
  const names = all.map((one) => one.name).slice(0, 5);
  throw new Error(
    `${stack} has no backup ${name}. There ${names.length === 0 ? 'is none' : `are ${names.join(', ')}`}. Run: npm run backups -- --stack ${stack}`,
  );
}
