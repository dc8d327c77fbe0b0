import { existsSync, readdirSync } from 'node:fs';
import { toMarkdown, toText, type Section } from '../preview/render.ts';
import { differenceSection } from './preview-difference.ts';
import { planSection } from './preview-plan.ts';
import { readArguments } from './arguments.ts';

const usage = `npm run preview -- [--stack STACK]... [--base REF] [--markdown]
Shows what "pulumi up" would create, replace and delete, and why; the dangerous things first, no secret ever.
  --stack STACK   which stack; can be given more than once (default: every Pulumi.STACK.yaml)
  --base REF      also what changed since that git commit: services, links, ports, and docker-compose.yml.
                  This part needs no engine and no state; where there are none, it is all that is shown
  --markdown      as a comment for a pull request`;

const { values } = readArguments(usage, {
  options: {
    stack: { type: 'string', multiple: true },
    base: { type: 'string' },
    markdown: { type: 'boolean' },
  },
});

function allStacks(): string[] {
  const names = readdirSync('.').map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

async function sectionsOf(stack: string, base: string | undefined): Promise<Section[]> {
  const known = existsSync(`Pulumi.${stack}.yaml`) || base !== undefined;
  if (!known) throw new Error(`${stack}: there is no Pulumi.${stack}.yaml. Run: pulumi stack init ${stack}`);
  const difference = base === undefined ? [] : [differenceSection(stack, base)];
  const plan = await planSection(stack);
  if (plan.failed && (plan.serious || base === undefined)) process.exitCode = 1;
  return [plan.section, ...difference];
}

try {
  const render = values.markdown ? toMarkdown : toText;
  for (const stack of values.stack ?? allStacks()) {
    console.log(render(`Preview of ${stack}`, await sectionsOf(stack, values.base)));
  }
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
