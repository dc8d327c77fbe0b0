import { DockerCli, DockerError } from '../engine/docker-cli.ts';
import { firingAlerts, firingAlertsAt } from '../ops/firing-alerts.ts';
import { addressOf, labelled, swarmNodes } from '../engine/swarm/nodes.ts';
import { asWanted, swarmTasks } from '../ops/swarm-tasks.ts';
import { stackContainers } from '../ops/stack-containers.ts';
import { statusOf, statusText, type StackStatus } from '../ops/status.ts';
import { nodeLabels, stackPrefix } from '../stacks/labels.ts';
import { productTopology } from '../stacks/product.ts';
import type { Settings } from '../stacks/settings.ts';
import type { Topology } from '../stacks/topology.ts';
import { readDockerHost, readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run status -- [--stack STACK] [--json]
Shows services, replicas, health, versions, URLs, volumes and firing alerts of a stack on one screen. Exit code 1 when something is not well.
  --stack STACK   which stack (default: staging)
  --json          the same for programs`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string', default: 'staging' },
    json: { type: 'boolean' },
  },
});

async function status(stack: string): Promise<StackStatus> {
  const settings = readStackFile(stack);
  const topology = productTopology(settings);
  const docker = new DockerCli(readDockerHost(stack));
  if (settings.engine === 'swarm') return swarmStatus(docker, topology, settings);
  const [containers, volumes] = await Promise.all([
    stackContainers(docker, stack),
    volumesOf(docker, topology),
  ]);
  return statusOf(topology, containers, volumes, await firingAlerts(docker, containers));
}

async function swarmStatus(
  docker: DockerCli,
  topology: Topology,
  { metrics, 'metrics.port': port }: Settings,
): Promise<StackStatus> {
  const nodes = await swarmNodes(docker);
  const [wanted, tasks, alerts] = await Promise.all([
    asWanted(docker, topology, nodes),
    swarmTasks(docker, topology.stack, nodes),
    metrics ? firingAlertsAt(`http://${addressOf(nodes, nodeLabels.data)}:${port}`) : [],
  ]);
  const keepers = labelled(nodes, nodeLabels.data).map(({ Description }) => Description.Hostname);
  const volumes = topology.volumes.map(({ name }) => ({
    volume: `${stackPrefix(topology.stack)}-${name}`,
    size: `on ${keepers.join(' or ') || 'no node'}`,
  }));
  return statusOf(wanted, tasks, volumes, alerts);
}

async function volumesOf(docker: DockerCli, { stack, volumes }: Topology): Promise<StackStatus['volumes']> {
  const names = volumes.map(({ name }) => `${stackPrefix(stack)}-${name}`);
  const format = '{{range .Volumes}}{{.Name}} {{println .Size}}{{end}}';
  const all = (await docker.lines('system', 'df', '--verbose', '--format', format)).map((line) =>
    line.split(' '),
  );
  return names.map((volume) => ({
    volume,
    size: all.find(([name]) => name === volume)?.[1] ?? 'is not there',
  }));
}

try {
  const seen = await status(values.stack);
  console.log(values.json ? JSON.stringify(seen, undefined, 2) : statusText(seen));
  process.exitCode = seen.well ? 0 : 1;
} catch (error) {
  const said = (error as Error).message;
  const last = said.split('\n').at(-1);
  console.error(error instanceof DockerError ? `the Docker engine: ${last}. Run: npm run doctor` : said);
  process.exitCode = 1;
}
