import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStackFile } from '../stacks/stack-file.ts';
import { parseLoadOptions, UsageError, type LoadOptions } from './options.ts';
import type { Second } from './recorder.ts';
import { htmlReport, type Report } from './report.ts';
import { runLoad } from './run.ts';
import { textSummary } from './summary.ts';
import { checkTarget } from './target.ts';
import { figure } from './text-table.ts';
import { judge } from './thresholds.ts';

const usage = `npm run load -- [options]
Virtual users do what users do, all at once, and what they get is measured. Writes report.html and report.json.
  --vus 100          users at the same time
  --duration 60s     how long
  --url URL          edge; default: where the staging stack is
  --mix all          browse: pages; api: reads of /api/; write: create, change, delete; all: 5 : 3 : 2
  --pause 0s         what a user waits between two requests; without, every user always has one in flight
  --max-errors 0     lost requests that are still good
  --max-p99 500ms    limit of p99
  --output FOLDER    default: .ci/output/load
  --any-host         also a target outside 127.0.0.0/8
Ends with 0 when the limits were kept, 1 when not, 2 when it could not run.`;

/** Where the staging stack's edge is. */
function staging(): string {
  const { bindAddress, httpPort } = readStackFile('staging');
  return `http://${bindAddress === '0.0.0.0' ? '127.0.0.1' : bindAddress}:${httpPort}`;
}

async function load(options: LoadOptions): Promise<boolean> {
  await checkTarget(options);
  const started = new Date().toISOString();
  console.log(`${options.vus} users on ${options.url} for ${figure(options.durationMs / 1000)} s`);
  const measured = await runLoad(options, progress);
  const verdicts = judge(measured.total, options);
  console.log(`\n${textSummary(measured, verdicts)}`);
  write({ started, options, verdicts, measured });
  return verdicts.every(({ kept }) => kept);
}

function progress({ second, requests, errors, p50, p99, inFlight, connections }: Second): void {
  const line = `${String(second).padStart(4)} s  ${figure(requests).padStart(6)} requests  p50 ${figure(p50)} ms  p99 ${figure(p99)} ms  ${inFlight} in flight on ${connections} connections`;
  console.log(errors > 0 ? `${line}  ${errors} LOST` : line);
}

function write(report: Report): void {
  const { output } = report.options;
  mkdirSync(output, { recursive: true });
  writeFileSync(join(output, 'report.html'), htmlReport(report));
  writeFileSync(join(output, 'report.json'), `${JSON.stringify(report, null, 1)}\n`);
  console.log(`\nReport: ${join(output, 'report.html')}`);
}

try {
  const options = parseLoadOptions(process.argv.slice(2), { url: staging() });
  if (options === 'help') console.log(usage);
  else if (!(await load(options))) process.exitCode = 1;
} catch (error) {
  console.error((error as Error).message);
  if (error instanceof UsageError) console.error('\nSee: npm run load -- --help');
  process.exitCode = 2;
}
