// npm run audit -- --stack NAME | --compose PROJECT: is everything as closed as it is declared?
import { execFileSync } from 'node:child_process';
import { lookup } from 'node:dns/promises';
import { auditHardening, type Verdict } from '../audit/hardening.ts';
import { allowed, differences, measureReachability } from '../audit/reachability.ts';
import { rules } from '../audit/rules.ts';
import { DockerCli } from '../engine/docker-cli.ts';
import { swarmNodes } from '../engine/swarm/nodes.ts';
import { labelKeys } from '../stacks/labels.ts';
import { productTopology } from '../stacks/product.ts';
import { readDockerHost, readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run audit -- [--stack staging] [--compose PROJECT] [--outside HOST:PORT] [--node HOST …]
Looks at every container of a running stack, from outside and from inside, and tries what can be reached from where.
  --stack NAME       the stack; its settings are in Pulumi.NAME.yaml
  --compose PROJECT  the containers of this compose project instead, which was rendered from the stack
  --outside          an address that must not be reachable; default: where npm gets its packages, as every ordinary container
                     reaches that
  --node HOST        of a Swarm: an engine to look at, such as ssh://deploy@node1; once for each node, as a manager shows only its
                     own containers`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string', default: 'staging' },
    compose: { type: 'string' },
    outside: { type: 'string' },
    node: { type: 'string', multiple: true, default: [] },
  },
});

try {
  process.exitCode = (await audit()) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

async function audit(): Promise<boolean> {
  const host = readDockerHost(values.stack);
  const engines = (values.node.length > 0 ? values.node : [host]).map((one) => new DockerCli(one));
  const label = values.compose
    ? `com.docker.compose.project=${values.compose}`
    : `${labelKeys.stack}=${values.stack}`;
  const verdicts = await auditHardening(engines, label);
  if (verdicts.length === 0) {
    console.error(`there is no container with the label ${label}. Run: npm start -- ${values.stack}`);
    return false;
  }
  printVerdicts(verdicts);
  if (!(await sawEveryNode(engines))) return false;
  return (await reachable(engines, label)) && verdicts.every(({ misses }) => misses.length === 0);
}

function printVerdicts(verdicts: readonly Verdict[]): void {
  const width = Math.max(...verdicts.map(({ container }) => container.length));
  for (const { container, role, seenInside, misses, exceptions } of verdicts) {
    const kept = rules.length - misses.length - exceptions.length;
    const seen = seenInside ? 'inside too' : 'not running';
    console.log(
      `${container.padEnd(width)}  ${role.padEnd(9)}  ${seen}  ${kept} of ${rules.length} rules kept`,
    );
    for (const miss of misses) console.log(`    MISS  ${miss}`);
    for (const exception of exceptions) console.log(`    excepted  ${exception}`);
  }
}

async function reachable(engines: readonly DockerCli[], label: string): Promise<boolean> {
  const settings = readStackFile(values.stack);
  const [host = '', port = '443'] = (values.outside ?? packageRegistry()).split(':');
  const { address } = await lookup(host, 4);
  const outside = { address, port: Number(port) };
  const nodes = settings.engine === 'swarm' ? await nodePorts(engines[0]!) : [];
  const measured = await measureReachability(engines, label, settings.nodeImage, outside, nodes);
  const { reached, listening, tried, several } = measured;
  const swarm = settings.engine === 'swarm' ? { several } : undefined;
  const wrong = differences(reached, allowed(productTopology(settings), listening, swarm));
  console.log(
    `\n${tried} connections tried, from each container to every other, the host and outside. Reached:`,
  );
  for (const one of reached) console.log(`  ${one}`);
  for (const one of wrong) console.log(`  WRONG  ${one}`);
  return wrong.length === 0;
}

/** Of a Swarm, what was not looked at may be open. */
async function sawEveryNode(engines: readonly DockerCli[]): Promise<boolean> {
  if (readStackFile(values.stack).engine !== 'swarm') return true;
  const nodes = await swarmNodes(engines[0]!);
  if (engines.length >= nodes.length) return true;
  console.error(
    `this was ${engines.length} of ${nodes.length} nodes. Name every one: --node ssh://deploy@node1 --node …`,
  );
  return false;
}

/** Where every node of a Swarm listens for the others. */
async function nodePorts(manager: DockerCli): Promise<{ address: string; port: number }[]> {
  const nodes = await swarmNodes(manager);
  return nodes.map(({ Status: { Addr } }) => ({ address: Addr, port: 7946 }));
}

/** `HOST:PORT` of the registry that npm is set to. */
function packageRegistry(): string {
  const url = new URL(execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim());
  return `${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`;
}
