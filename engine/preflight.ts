import { createServer } from 'node:net';
import { labelKeys } from '../stacks/labels.ts';
import type { PublishedPort, Topology } from '../stacks/topology.ts';
import { folderProblems } from './backup-folder.ts';
import { capacityProblems, machineOf, releaseWarnings } from './capacity.ts';
import { checkoutProblems } from './checkout.ts';
import { DockerCli, DockerError } from './docker-cli.ts';
import { socketProblems } from './socket.ts';

/** The oldest engine API that everything here was seen to work on, 1.41: Docker 20.10. */
const oldestMinor = 41;

/** What a look at the engine and the host came to, a line each. */
export interface Preflight {
  /** With one of these nothing can be deployed; empty when all is well. */
  readonly problems: readonly string[];
  /** What may become a problem. */
  readonly warnings: readonly string[];
}

/**
 * Looks at the engine and the host before anything is declared: does it answer, is it new enough, has it memory
 * and CPUs enough, are the ports free.
 * @param local whether the engine is on this host, so that ports can be tried.
 */
export async function preflight(topology: Topology, docker: DockerCli, local: boolean): Promise<Preflight> {
  try {
    const asked = Promise.all([machineOf(docker), portProblems(topology, docker, local)]);
    // One that is too old may have no answer to these.
    asked.catch(() => undefined);
    const api = (await docker.run('version', '--format', '{{.Server.APIVersion}}')).trim();
    if (isOld(api)) return refused(tooOld(api));
    const [machine, ports] = await asked;
    const capacity = capacityProblems(topology, machine);
    const mounts = [checkoutProblems, socketProblems, folderProblems].flatMap((look) =>
      look(topology, local),
    );
    return { problems: [...capacity, ...mounts, ...ports], warnings: releaseWarnings(topology, machine) };
  } catch (error) {
    return refused(engineProblem(error));
  }
}

function refused(problem: string): Preflight {
  return { problems: [problem], warnings: [] };
}

function isOld(api: string): boolean {
  return Number(api.split('.')[1]) < oldestMinor;
}

function tooOld(api: string): string {
  return `the Docker engine is too old: API ${api}, needed 1.${oldestMinor}. Install Docker 20.10 or newer.`;
}

function engineProblem(error: unknown): string {
  const said = error instanceof DockerError ? error.message.split('\n').at(-1)! : String(error);
  if (/permission denied/i.test(said)) {
    return 'the Docker engine refuses this user. Run: sudo usermod -aG docker $USER, then log in again';
  }
  return `the Docker engine does not answer (${said}). Start Docker, or set another one: pulumi config set docker:host ssh://user@host`;
}

async function portProblems(
  { stack, services }: Topology,
  docker: DockerCli,
  local: boolean,
): Promise<string[]> {
  const wanted = services.flatMap(({ publish, replicas }) =>
    publish.flatMap((one) => portsOf(one, replicas)),
  );
  const problems = await Promise.all(
    wanted.map(async (port) => {
      const owner = await portOwner(port.hostPort, docker);
      if (owner?.stack === stack) return undefined;
      if (owner) return takenBy(stack, port, `container ${owner.name}`);
      const free = !local || (await canListen(port.address, port.hostPort));
      return free ? undefined : takenBy(stack, port, 'another process of this host');
    }),
  );
  return problems.filter((problem) => problem !== undefined);
}

function portsOf(port: PublishedPort, replicas: number): PublishedPort[] {
  return Array.from({ length: replicas }, (_, index) => ({ ...port, hostPort: port.hostPort + index }));
}

function takenBy(stack: string, { address, hostPort, setting }: PublishedPort, owner: string): string {
  return `${stack}: port ${hostPort} on ${address} is taken by ${owner}. Run: pulumi config set ${setting} ${hostPort + 10}`;
}

async function portOwner(
  port: number,
  docker: DockerCli,
): Promise<{ name: string; stack: string } | undefined> {
  const format = `{{.Names}}\t{{.Label "${labelKeys.stack}"}}`;
  const [line] = await docker.lines('ps', '--filter', `publish=${port}`, '--format', format);
  const [name = '', stack = ''] = line?.split('\t') ?? [];
  return line === undefined ? undefined : { name, stack };
}

function canListen(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    server.listen(port, address, () => server.close(() => resolve(true)));
  });
}
