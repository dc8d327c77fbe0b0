import { cleaningUp } from './clean-up.ts';
import { startOf, startupReport, type Start } from './startup-report.ts';
import { machine } from './machine.ts';
import { readNumbers } from './options.ts';
import { writeSection } from './results-file.ts';
import { Startups } from './startups.ts';

const help = `npm run bench:startup -- [--rounds 3]
From nothing to the first good answer: pulumi up, its export by docker compose up --wait, and plain compose, with the layers of all
images built before. Writes bench/results.md.
  --rounds 3    rounds of all three
Takes about four minutes. Ends with 1 when one of them gives no good answer.`;

const { rounds } = readNumbers(help, { rounds: 3 });
const startups = new Startups();
const starts: Start[] = [];
await cleaningUp(
  async () => {
    console.log('building the images …');
    await startups.build();
    for (let round = 0; round < rounds; round++) {
      for (const kind of ['ours', 'exported', 'plain'] as const) {
        const start = startOf(kind, await startups.start(kind));
        starts.push(start);
        console.log(kind.padEnd(9), JSON.stringify(start));
      }
    }
    const report = startupReport(starts, await machine());
    writeSection('Start-up', report);
    console.log(`\n${report}\n\nWritten to bench/results.md`);
  },
  async () => {
    await startups.remove();
  },
);
