import type { DockerCli } from '../engine/docker-cli.ts';
import { stackContainers } from '../ops/stack-containers.ts';
import { listScript, parseListing, type Manifest } from './manifest.ts';

/** The running container of `service` in a stack. @throws Error with what to do when there is none. */
export async function runningContainer(docker: DockerCli, stack: string, service: string): Promise<string> {
  const containers = await stackContainers(docker, stack);
  const found = containers.find(
    (one) => one.service === service && one.role === 'replica' && one.state === 'running',
  );
  if (found) return found.id;
  if (service !== 'backup' || containers.length === 0)
    throw new Error(`${stack}: ${service} does not run. Run: npm start -- ${stack}`);
  throw new Error(
    `${stack} makes no backups. Run: pulumi config set backup.schedule '0 3 * * *' --stack ${stack}; npm start -- ${stack}`,
  );
}

/** Makes a backup now; its progress goes to standard error. @throws DockerError when it fails. */
export async function makeBackup(docker: DockerCli, stack: string): Promise<void> {
  const container = await runningContainer(docker, stack, 'backup');
  await docker.attended(['exec', container, 'bash', '/etc/product-stack/backup/dump.sh', 'asked']);
}

/** All backups of a stack, newest first. */
export async function listBackups(
  docker: DockerCli,
  stack: string,
): ReturnType<() => Promise<ReturnType<typeof parseListing>>> {
  const container = await runningContainer(docker, stack, 'backup');
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
