import { composeExport } from '../compose/export.ts';
import { toYaml } from '../compose/yaml.ts';
import { productTopology } from '../stacks/product.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { checkFiles, writeFiles } from './files.ts';
import { readArguments } from './arguments.ts';

/** Compose fills in who calls; scripts/dev-compose tells it. */
const composeCaller =
  '${UID:?use npm run dev:compose, which tells who you are}:${GID:?use npm run dev:compose}';

const usage = `npm run compose -- --stack STACK [--output FILE] [--check]
Renders a stack as a compose file, and the files that it mounts under compose/rendered/.
  --stack STACK    reads Pulumi.STACK.yaml
  --output FILE    where to write (default: docker-compose.yml for staging, docker-compose.STACK.yml for others)
  --check          writes nothing; fails when a file on disk differs`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string' },
    output: { type: 'string' },
    check: { type: 'boolean' },
  },
});
if (!values.stack) {
  console.error(usage);
  process.exit(2);
}

try {
  const stack = values.stack;
  const output =
    values.output ?? (stack === 'staging' ? 'docker-compose.yml' : `docker-compose.${stack}.yml`);
  const { document, files } = composeExport(productTopology(readStackFile(stack, composeCaller)));
  const command = `npm run compose -- --stack ${stack}`;
  const header = ` Made from the topology of stack "${stack}" by: ${command}\n Do not edit: change the settings or the topology, and run that again.`;
  const all = [{ path: output, content: toYaml(document, header) }, ...files];
  if (values.check) checkFiles(all, command);
  else writeFiles(all);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
