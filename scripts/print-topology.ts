// Prints a stack's topology and compose file as JSON, from the code of the folder it is started in, which may be an older commit's.
// Values of variables that a user set are hidden: equal ones stay equal as long as HIDE_KEY is the same.
import { createHmac } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

function load(path: string): Promise<unknown> {
  return import(pathToFileURL(resolve(path)).href);
}

function hide(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const digest = (text: string) =>
    createHmac('sha256', process.env['HIDE_KEY'] ?? '')
      .update(text)
      .digest('hex');
  const hidden = Object.entries(value).map(([name, text]) => [
    name,
    `(hidden ${digest(String(text)).slice(0, 8)})`,
  ]);
  return Object.fromEntries(hidden);
}

try {
  const stack = process.argv[2]!;
  const { readStackFile } = await (load('stacks/stack-file.ts') as Promise<
    typeof import('../stacks/stack-file.ts')
  >);
  const { productTopology } = await (load('stacks/product.ts') as Promise<
    typeof import('../stacks/product.ts')
  >);
  const { composeExport } = await (load('compose/export.ts') as Promise<
    typeof import('../compose/export.ts')
  >);
  const { toYaml } = await (load('compose/yaml.ts') as Promise<typeof import('../compose/yaml.ts')>);
  const settings = Object.entries(readStackFile(stack)).map(([name, value]) => [name, hide(value)]);
  const topology = productTopology(Object.fromEntries(settings));
  // A stack with a managed database has no compose file.
  const isExported = !settings.some(([name, value]) => name === 'databaseUrl' && value !== undefined);
  const compose = isExported ? toYaml(composeExport(topology).document, '') : '';
  console.log(JSON.stringify({ topology, compose }));
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
