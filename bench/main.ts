import { writeFileSync } from 'node:fs';
import os from 'node:os';
import { figure } from '../load/text-table.ts';
import { cleaningUp } from './clean-up.ts';
import { Arena, subjects, type SubjectKey } from './arena.ts';
import { machine } from './machine.ts';
import { readNumbers } from './options.ts';
import { writeSection } from './results-file.ts';
import { throughputChart, throughputReport } from './throughput-report.ts';
import { measure, type Run } from './throughput.ts';

const usage = `npm run bench -- [--rounds 3] [--seconds 5]
Compares ours with one product-api, plain nginx and caddy on this machine, in turn, and writes bench/results.md and results.svg.
  --rounds 3     rounds of all subjects
  --seconds 5    how long each is asked in a round
Takes about eight minutes. Other work on the machine makes the figures worthless; the load average is noted. Ends with 1 when a
request was lost. See also: npm run bench:scale, bench:startup, bench:sizes, soak.`;

const { rounds, seconds } = readNumbers(usage, { rounds: 3, seconds: 5 });
const arena = new Arena();
await cleaningUp(
  async () => {
    console.log('bringing up all that is compared …');
    await arena.build();
    const isCache = (key: SubjectKey) => key === 'b-cache';
    const runs = await measure(arena, (key) => !isCache(key), { rounds, seconds }, tell);
    await arena.cache();
    runs.push(...(await measure(arena, isCache, { rounds, seconds }, tell)));
    const report = throughputReport(runs, await machine(), rounds, seconds, os.cpus().length);
    writeSection('Throughput', report);
    writeFileSync(new URL('results.svg', import.meta.url), throughputChart(runs));
    console.log(`\n${report}\n\nWritten to bench/results.md`);
    if (runs.some(({ lost }) => lost > 0)) process.exitCode = 1;
  },
  async () => {
    await arena.remove();
  },
);

function tell({ key, script, rate, p99, lost }: Run): void {
  const lostToo = lost > 0 ? `, ${lost} LOST` : '';
  console.log(
    `${script.padEnd(5)}  ${figure(rate).padStart(7)} a second, p99 ${figure(p99)} ms${lostToo}  (${key}) ${subjects[key]}`,
  );
}
