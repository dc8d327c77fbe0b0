import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { runLoad } from '../load/run.ts';
import { sum, type Second } from '../load/recorder.ts';
import { figure } from '../load/text-table.ts';
import { TestStack } from '../tests/e2e/support/test-stack.ts';
import { cleaningUp } from './clean-up.ts';
import { usage } from './containers.ts';
import { machine } from './machine.ts';
import { readNumbers } from './options.ts';
import { writeSection } from './results-file.ts';
import { grown, soakReport, type Sample } from './soak-report.ts';

const help = `npm run soak -- [--minutes 20] [--vus 100]
100 users at once for 20 minutes, with a release of product-api and storefront in the middle; memory of every container over time.
Writes bench/results.md.
  --minutes 20   how long
  --vus 100      users at the same time
Ends with 1 when a request was lost, or when a container's memory grows.`;

const { minutes, vus } = readNumbers(help, { minutes: 20, vus: 100 });
const durationMs = minutes * 60_000;
/** Samples of memory in all. */
const sampleCount = 40;
const stack = new TestStack('soak');

await cleaningUp(
  async () => {
    await stack.init({ catalogueSize: '5000' });
    await stack.upOk();
    const begun = performance.now();
    const samples: Sample[] = [];
    const sampling = setInterval(
      () => void sample(begun).then((seen) => samples.push(...seen)),
      durationMs / sampleCount,
    );
    const load = runLoad({ vus, url: stack.url, mix: 'all', pauseMs: 0, durationMs }, tell);
    const released = await releaseAt(begun, durationMs / 2);
    const measured = await load;
    clearInterval(sampling);
    samples.push(...(await sample(begun)));
    const report = soakReport(measured, samples, released, { minutes, vus, machine: await machine() });
    writeSection('Soak', report);
    console.log(`\n${report}\n\nWritten to bench/results.md`);
    if (sum(measured.total.errors) > 0 || grown(samples).length > 0) process.exitCode = 1;
  },
  async () => {
    await stack.dispose();
  },
);

function tell({ second, requests, errors, p99 }: Second): void {
  if (second % 30 === 0 || errors > 0)
    console.log(
      `${second} s  ${figure(requests)} requests  p99 ${figure(p99)} ms${errors ? `  ${errors} LOST` : ''}`,
    );
}

/** A new version of both apps; returns when it began and ended, seconds since the beginning. */
async function releaseAt(begun: number, ms: number): Promise<{ from: number; to: number }> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  for (const app of ['product-api', 'storefront'])
    appendFileSync(join(stack.folder, `apps/${app}/server.ts`), '\n// soak\n');
  const from = (performance.now() - begun) / 1000;
  await stack.upOk();
  return { from, to: (performance.now() - begun) / 1000 };
}

async function sample(begun: number): Promise<Sample[]> {
  const all = (await stack.containers('replica')).filter(({ state }) => state === 'running');
  const at = (performance.now() - begun) / 1000;
  const seen = await usage(all.map(({ id }) => id)).catch(() => []);
  return seen.map(({ anonymous }, i) => ({
    at,
    container: all[i]!.id,
    service: all[i]!.service,
    mebibytes: anonymous,
  }));
}
