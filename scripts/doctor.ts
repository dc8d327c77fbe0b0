import { DockerCli } from '../engine/docker-cli.ts';
import { examine } from '../ops/examine.ts';
import { findingsText } from '../ops/findings.ts';
import { readDockerHost, readStackFile } from '../stacks/stack-file.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run doctor -- [--stack STACK]
Looks at everything that "up" needs, and at the stack where it is up, and says what to do. Changes nothing.
Exit code 1 when something keeps it from working.
  --stack STACK   which stack (default: staging)`;

const { values } = readArguments(usage, {
  options: { stack: { type: 'string', default: 'staging' } },
});

function dockerHost(): string | undefined {
  try {
    return readDockerHost(values.stack);
  } catch {
    return undefined; // no such file: the settings say so
  }
}

function isOnSwarm(): boolean {
  try {
    return readStackFile(values.stack).engine === 'swarm';
  } catch {
    return false; // the findings say what is wrong with it
  }
}

if (isOnSwarm()) {
  console.error(
    `${values.stack} is on a Swarm, and this looks at one engine. Run: npm run status -- --stack ${values.stack}; pulumi preview looks at every node`,
  );
  process.exit(1);
}
const host = dockerHost();
const local = (host ?? process.env['DOCKER_HOST'] ?? 'unix:').startsWith('unix:');
const findings = await examine(values.stack, new DockerCli(host), local);
console.log(findingsText(findings));
process.exitCode = findings.some(({ verdict }) => verdict === 'wrong') ? 1 : 0;
