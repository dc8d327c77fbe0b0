import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keys } from '../stacks/setting-keys.ts';
import { copyCheckout, removeCheckout } from '../tests/e2e/support/checkout.ts';
import { docker, removeImages } from '../tests/e2e/support/run.ts';
import { cleaningUp } from './clean-up.ts';
import { machine } from './machine.ts';
import { readNumbers } from './options.ts';
import { writeSection } from './results-file.ts';
import { isSmall, sizesReport, type Built, type Layers } from './sizes-report.ts';

const help = `npm run bench:sizes
Sizes of the images against their bases, layers that they share, and how long a build takes. Writes bench/results.md.
Takes about two minutes. Ends with 1 when product-api is larger than its goal.`;

readNumbers(help, {});
const folder = copyCheckout({ packages: false });
const name = `bench-${process.pid}`;
const apps = ['product-api', 'storefront', 'migrate'] as const;

await cleaningUp(
  async () => {
    const times = { cold: await cold(), warm: await build(), changed: await changed() };
    const base = await layersOf(keys.nodeImage.default);
    const built: Built[] = [];
    for (const app of apps) built.push({ app, ...(await layersOf(`${name}/${app}`)) });
    const report = sizesReport(base, built, times, await machine());
    writeSection('Sizes', report);
    console.log(`${report}\n\nWritten to bench/results.md`);
    if (!isSmall(base, built)) process.exitCode = 1;
  },
  async () => {
    await removeImages(`${name}/*`);
    removeCheckout(folder);
  },
);

/** Builds all apps, as `up` does; seconds. */
async function build(): Promise<number> {
  const begun = performance.now();
  for (const app of apps)
    await docker('build', '--quiet', '--target', app, '--tag', `${name}/${app}`, join(folder, 'apps'));
  return (performance.now() - begun) / 1000;
}

/** As for the first time: another package.json, so that nothing is in the cache but the base. */
function cold(): Promise<number> {
  const file = join(folder, 'apps/package.json');
  writeFileSync(file, readFileSync(file, 'utf8').replace('{', `{ "description": "${name}",`));
  return build();
}

async function changed(): Promise<number> {
  appendFileSync(join(folder, 'apps/product-api/app.ts'), `\n// ${name}\n`);
  return build();
}

/** An image's layers from the lowest to the highest, with their sizes. */
async function layersOf(image: string): Promise<Layers> {
  const size = Number(await docker('image', 'inspect', '--format', '{{.Size}}', image));
  const layers = JSON.parse(await docker('image', 'inspect', '--format', '{{json .RootFS.Layers}}', image));
  return { size, layers: layers as string[] };
}
