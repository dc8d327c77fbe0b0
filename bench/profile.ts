import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SourceMapPayload } from 'node:module';
import { stackPrefix } from '../stacks/labels.ts';
import { docker } from '../tests/e2e/support/run.ts';
import { TestStack } from '../tests/e2e/support/test-stack.ts';
import { cleaningUp } from './clean-up.ts';
import { needTools } from './arena.ts';
import { Beside, type Program } from './beside.ts';
import { addressOn, usage } from './containers.ts';
import { machine } from './machine.ts';
import { naive } from './naive.ts';
import { readNumbers } from './options.ts';
import { inOriginalFiles } from './original-files.ts';
import { costs, profileReport, type CpuProfile, type Profiled } from './profile-report.ts';
import { writeSection } from './results-file.ts';
import { Wrk, type Script } from './wrk.ts';

const help = `npm run bench:profile -- [--seconds 5]
Where product-api's CPU goes for one read, beside the naive prototype's, by Node's own profiler. Writes bench/results.md.
  --seconds 5    how long each is asked
Takes about two minutes.`;

const { seconds } = readNumbers(help, { seconds: 5 });
const stack = new TestStack('profile');
const wrk = new Wrk(`bench-${process.pid}-wrk`);
const folder = mkdtempSync(join(tmpdir(), 'bench-profile-'));
const profiler = ['--cpu-prof', '--cpu-prof-dir=/tmp/profile'];
// The prototype does not handle a stop signal, and a process that is killed by one writes no profile.
const ends = '--import=data:text/javascript,process.once("SIGTERM",()=>process.exit())';
const ours: Program = { command: ([node = '', ...words]) => [node, ...profiler, ...words] };
const subjects: [string, Program, Script][] = [
  ['naive', naive(ends, ...profiler), 'read'],
  ['product-api', ours, 'read'],
  ['product-api, another page each time', ours, 'pages'],
];

await cleaningUp(
  async () => {
    await needTools();
    await stack.init({ catalogueSize: '5000', replicas: '1' });
    await stack.upOk();
    await wrk.start([`${stackPrefix(stack.name)}-edge-product-api`]);
    const all: Profiled[] = [];
    for (const [name, program, script] of subjects) all.push(await profile(name, program, script));
    const report = profileReport(all, await machine());
    writeSection('Profile', report);
    console.log(`\n${report}\n\nWritten to bench/results.md`);
  },
  async () => {
    await wrk.remove();
    await stack.dispose();
    rmSync(folder, { recursive: true, force: true });
  },
);

async function profile(name: string, program: Program, script: Script): Promise<Profiled> {
  const beside = new Beside(`bench-${process.pid}-profile`);
  try {
    await beside.start(stack, program);
    const address = await addressOn(`${stackPrefix(stack.name)}-edge-product-api`, beside.name);
    const url = `http://${address}:8080/api/products?limit=20`;
    await wrk.ask(url, script, 2);
    const [from, [before]] = [now(), await usage([beside.name])];
    const { requests } = await wrk.ask(url, script, seconds);
    const [to, [after]] = [now(), await usage([beside.name])];
    return {
      name,
      cpu: (after!.cpu - before!.cpu) / requests,
      costs: costs(await read(beside.name), from, to, requests),
    };
  } finally {
    await beside.remove();
  }
}

/** The clock that the profiler uses too, microseconds. */
function now(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** The profile that the process writes when it ends. */
async function read(container: string): Promise<CpuProfile> {
  await docker('stop', '--time', '30', container);
  const [profile] = Object.values(await jsonFiles(container, '/tmp/profile', '.cpuprofile'));
  const maps = await jsonFiles(container, '/app/product-api', '.js.map');
  return inOriginalFiles(profile as CpuProfile, maps as Record<string, SourceMapPayload>);
}

/** What the files of a container's folder hold, by their names without `ending`. */
async function jsonFiles(container: string, path: string, ending: string): Promise<Record<string, unknown>> {
  const target = join(folder, container);
  await docker('cp', `${container}:${path}`, target);
  const names = readdirSync(target).filter((name) => name.endsWith(ending));
  const content = (name: string): unknown => JSON.parse(readFileSync(join(target, name), 'utf8'));
  const files = names.map((name) => [name.slice(0, -ending.length), content(name)] as const);
  rmSync(target, { recursive: true });
  return Object.fromEntries(files);
}
