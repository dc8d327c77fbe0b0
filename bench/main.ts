import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { figure } from '../load/text-table.ts';
import { Arena, subjects } from './arena.ts';
import { machine } from './machine.ts';
import { writeSection } from './results-file.ts';
import { throughputChart, throughputReport } from './throughput-report.ts';
import { measure, type Run } from './throughput.ts';

const usage = `npm run bench -- [--rounds 3] [--seconds 8]
Compares ours with one product-api, plain nginx and caddy on this machine, in turn, and writes bench/results.md and results.svg.
  --rounds 3     rounds of all subjects
  --seconds 8    how long each is asked in a round
Takes about eight minutes. Other work on the machine makes the figures worthless; the load average is noted.`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    help: { type: 'boolean' },
  },
});
const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)];
if (values.help || !(rounds >= 1 && seconds >= 1)) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

const arena = new Arena();
try {
  console.log('bringing up all that is compared …');
  await arena.build();
  const runs = await measure(arena, { rounds, seconds }, tell);
  const report = throughputReport(runs, await machine(), rounds, seconds);
  writeSection('Throughput', report);
  writeFileSync(new URL('results.svg', import.meta.url), throughputChart(runs));
  console.log(`\n${report}\n\nWritten to bench/results.md`);
} finally {
  await arena.remove();
}

function tell({ key, script, rate, p99, lost }: Run): void {
  const lostToo = lost > 0 ? `, ${lost} LOST` : '';
  console.log(
    `${script.padEnd(5)}  ${figure(rate).padStart(7)} a second, p99 ${figure(p99)} ms${lostToo}  (${key}) ${subjects[key]}`,
  );
}
