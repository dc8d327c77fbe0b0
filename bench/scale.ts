import os from 'node:os';
import { stackPrefix } from '../stacks/labels.ts';
import { docker, run } from '../tests/e2e/support/run.ts';
import { TestStack } from '../tests/e2e/support/test-stack.ts';
import { cleaningUp } from './clean-up.ts';
import { needTools } from './arena.ts';
import { addressOn, usage } from './containers.ts';
import { busyCores, machine } from './machine.ts';
import { readNumbers } from './options.ts';
import { writeSection } from './results-file.ts';
import { scaleReport, type Many, type Step } from './scale-report.ts';
import { writeExport } from './write-export.ts';
import { Wrk, type Figures } from './wrk.ts';

const help = `npm run bench:scale -- [--seconds 4]
1, 2, 4, 8 and 16 product-apis: time of up and preview, memory, throughput; 50 in preview and export. Writes bench/results.md.
  --seconds 4    how long each is asked
Takes about nine minutes. Ends with 1 when a request was lost, or when a preview or an export fails.`;

const { seconds } = readNumbers(help, { seconds: 4 });
const stack = new TestStack('scale');
const wrk = new Wrk(`bench-${process.pid}-wrk`);

await cleaningUp(
  async () => {
    await needTools();
    await stack.init({ catalogueSize: '5000' });
    const steps: Step[] = [];
    for (const replicas of [1, 2, 4, 8, 16]) {
      steps.push(await step(replicas));
      console.log(JSON.stringify(steps.at(-1)));
    }
    const report = scaleReport(steps, await many(50), await machine(), os.cpus().length);
    writeSection('Scale', report);
    console.log(`\n${report}\n\nWritten to bench/results.md`);
    if (steps.some(({ full, tenth }) => full.lost + tenth.lost > 0)) process.exitCode = 1;
  },
  async () => {
    await wrk.remove();
    await stack.dispose();
  },
);

async function step(replicas: number): Promise<Step> {
  await stack.configure({ replicas: String(replicas) });
  const up = await stack.upOk();
  const preview = await stack.pulumiOk('preview', '--expect-no-changes');
  const rest = await busyCores(20);
  if (replicas === 1) await wrk.start([`${stackPrefix(stack.name)}-edge-ingress`]);
  const ids = await stack.replicas('product-api');
  const full = await ask();
  const memory = await usage(ids);
  await docker('update', '--cpus', '0.1', ...ids);
  const tenth = await ask();
  await docker('update', '--cpus', '1', ...ids);
  const megabytes = memory.reduce((sum, one) => sum + one.memory, 0) / ids.length;
  return { replicas, up: up.seconds, preview: preview.seconds, memory: megabytes, rest, full, tenth };
}

/** Reads of pages that differ, so that no replica has less to do because others share its answer; and the cores that were busy. */
async function ask(): Promise<Figures & { busy: number }> {
  const [edge] = await stack.replicas('edge');
  const url = `http://${await addressOn(`${stackPrefix(stack.name)}-edge-ingress`, edge!)}:8080/api/products?limit=20`;
  await wrk.ask(url, 'pages', 2);
  const [figures, busy] = await Promise.all([wrk.ask(url, 'pages', seconds), busyCores(seconds)]);
  return { ...figures, busy };
}

/** Preview and export of very many; nothing of it is started. */
async function many(replicas: number): Promise<Many> {
  await stack.configure({ replicas: String(replicas), databaseMaxConnections: '800' });
  const preview = await stack.pulumiOk('preview');
  const output = 'docker-compose.many.yml';
  const exported = await writeExport(stack, output);
  const read = await run('docker', ['compose', '-f', output, 'config', '--quiet'], { cwd: stack.folder });
  if (read.code !== 0) throw new Error(read.output);
  return { replicas, preview: preview.seconds, exported: exported.seconds };
}
