import { productTopology } from '../stacks/product.ts';
import { readStackFile } from '../stacks/stack-file.ts';
import { layout } from '../topology/layout.ts';
import { toMermaid } from '../topology/mermaid.ts';
import { toSvg } from '../topology/svg.ts';
import { checkFiles, writeFiles } from './files.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run topology -- [--stack STACK] [--check]
Draws a stack's services and links: docs/topology.svg and docs/topology.mmd (default: staging).
  --check    writes nothing; fails when a file on disk differs`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string', default: 'staging' },
    check: { type: 'boolean' },
  },
});

try {
  const topology = productTopology(readStackFile(values.stack));
  const name = values.stack === 'staging' ? 'topology' : `topology-${values.stack}`;
  const files = [
    { path: `docs/${name}.svg`, content: toSvg(layout(topology), `Services and links of ${values.stack}`) },
    { path: `docs/${name}.mmd`, content: toMermaid(topology) },
  ];
  if (values.check) checkFiles(files, `npm run topology -- --stack ${values.stack}`);
  else writeFiles(files);
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
