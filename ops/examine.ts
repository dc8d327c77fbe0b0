import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { DockerCli } from '../engine/docker-cli.ts';
import { preflight } from '../engine/preflight.ts';
import { stackPrefix } from '../stacks/labels.ts';
import { productTopology } from '../stacks/product.ts';
import { SettingsError } from '../stacks/settings.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import type { Topology } from '../stacks/topology.ts';
import {
  clockFinding,
  diskFinding,
  good,
  nodeFinding,
  odd,
  proxyFinding,
  wrong,
  type Finding,
} from './findings.ts';
import { stackContainers } from './stack-containers.ts';
import { stateFindings } from './state-findings.ts';

const run = promisify(execFile);

/** Looks at everything that `up` needs, and at the stack where it is up already. Changes nothing. */
export async function examine(stack: string, docker: DockerCli, local: boolean): Promise<Finding[]> {
  const [topology, settings] = readTopology(stack);
  const machine = [nodeFinding(process.version), ...(await programs()), proxyFinding(process.env)];
  const pulumi = await stateFindings(stack, docker);
  if (topology === undefined) return [...machine, ...settings, ...pulumi];
  return [...machine, ...settings, ...(await engine(topology, docker, local)), ...pulumi];
}

function readTopology(stack: string): [Topology | undefined, Finding[]] {
  try {
    return [productTopology(readStackFile(stack)), [good('settings', `Pulumi.${stack}.yaml`)]];
  } catch (error) {
    const problems = error instanceof SettingsError ? error.problems : [(error as Error).message];
    return [undefined, problems.map((problem) => wrong('settings', ...splitMend(problem)))];
  }
}

/** What stands after "Run:" is how it is mended. */
function splitMend(problem: string): [seen: string, mend: string] {
  const at = problem.search(/ (Run|Install|Start|Take|Fewer)\b/);
  return at < 0 ? [problem, ''] : [problem.slice(0, at), problem.slice(at + 1)];
}

async function programs(): Promise<Finding[]> {
  const mends: [name: string, args: string[], mend: string][] = [
    ['docker', ['--version'], 'Install Docker: https://docs.docker.com/engine/install/'],
    [
      'docker compose',
      ['compose', 'version', '--short'],
      'Install the compose plugin: https://docs.docker.com/compose/install/',
    ],
    ['docker buildx', ['buildx', 'version'], 'Install the buildx plugin: https://docs.docker.com/build/'],
    ['pulumi', ['version'], 'Run: scripts/setup, then eval "$(scripts/env)"'],
  ];
  return Promise.all(
    mends.map(async ([name, args, mend]) => {
      const said = await run(name.split(' ')[0]!, args).catch(() => undefined);
      return said ? good(name, said.stdout.trim().split('\n')[0]!) : wrong(name, 'is not there', mend);
    }),
  );
}

async function engine(topology: Topology, docker: DockerCli, local: boolean): Promise<Finding[]> {
  const { problems } = await preflight(topology, docker, local);
  const findings = problems.map((problem) => wrong('engine', ...splitMend(problem)));
  if (problems.some((problem) => problem.includes('the Docker engine'))) return findings;
  const [version = '', time = '', root = ''] = await docker.lines(
    ...['info', '--format', '{{.ServerVersion}}\n{{.SystemTime}}\n{{.DockerRootDir}}'],
  );
  const disk = local ? await statfs(root).catch(() => undefined) : undefined;
  return [
    ...(findings.length > 0
      ? findings
      : [good('engine', `${version}, ports free or ours, memory and CPUs enough`)]),
    clockFinding(Date.parse(time) - Date.now()),
    diskFinding(disk && disk.bavail * disk.bsize),
    ...(await containers(topology, docker)),
    ...(await volumes(topology, docker)),
  ];
}

async function containers({ stack, services }: Topology, docker: DockerCli): Promise<Finding[]> {
  const replicas = (await stackContainers(docker, stack)).filter(({ role }) => role === 'replica');
  if (replicas.length === 0) return [good('services', 'not up')];
  const ill = replicas.filter(({ state, health }) => state !== 'running' || health === 'unhealthy');
  const mend = `Look why: npm run logs -- --stack ${stack} --no-follow. Mend: pulumi up`;
  const killed = ill.filter(({ outOfMemory }) => outOfMemory).map(({ name }) => name);
  const missing = services.filter(
    ({ name, replicas: wanted }) => replicas.filter(({ service }) => service === name).length < wanted,
  );
  return [
    ...(killed.length > 0
      ? [
          wrong(
            'memory',
            `killed for want of it: ${killed.join(', ')}`,
            'Give it more: pulumi config set …Memory, see docs/settings.md',
          ),
        ]
      : []),
    ...ill.map(({ name, state, health }) =>
      wrong('services', `${name} is ${health === 'unhealthy' ? health : state}`, mend),
    ),
    ...missing.map(({ name }) =>
      odd('services', `${name} has fewer replicas than the settings say`, 'Run: pulumi up'),
    ),
    ...(ill.length + missing.length === 0
      ? [good('services', `${replicas.length} replicas, none unwell`)]
      : []),
  ];
}

async function volumes({ stack, volumes }: Topology, docker: DockerCli): Promise<Finding[]> {
  const there = await docker.lines('volume', 'ls', '--quiet');
  return volumes.map(({ name }) => {
    const volume = `${stackPrefix(stack)}-${name}`;
    return there.includes(volume) ? good('data', volume) : good('data', `${volume} will be made`);
  });
}
