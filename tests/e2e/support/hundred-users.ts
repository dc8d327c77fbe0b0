import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Report } from '../../../load/report.ts';
import { inBrowser, screenshot } from './browser.ts';
import { repository } from './checkout.ts';
import { docker, run, type Ended } from './run.ts';
import type { TestStack } from './test-stack.ts';

const output = join(repository, '.ci/output/load');

/** Runs `npm run load` for ten seconds; edge itself must see 100 users at the same time. Returns a line with the figures. */
export async function hundredUsers(stack: TestStack): Promise<string> {
  // Other work on this machine must not fail the test: what counts here is that nothing is lost, not how long it takes.
  const load = loadOn(stack, output, '--duration', '10s', '--max-p99', '10s');
  const connections = await mostConnections(stack, 8);
  const { code, output: said } = await load;
  expect(code, said).to.equal(0);
  expect(connections, 'open connections that edge has seen').to.be.at.least(100);

  const { measured } = reportIn(output);
  expect(Math.max(...measured.timeline.map(({ inFlight }) => inFlight))).to.equal(100);
  expect(measured.total.requests).to.be.greaterThan(500);
  await opensInBrowser(measured.total.requests);
  await failsWhenLimitsAreNotKept(stack);
  const { rate, p50, p99 } = measured.total;
  return `100 users at once: ${rate.toFixed(0)} requests per second, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, none lost`;
}

/** What is asked for in each mix of `npm run load`. */
export const mixes = {
  browse: ['page: list', 'page: next', 'page: product', 'page: search'],
  api: ['api: list', 'api: next', 'api: product', 'api: search'],
  write: [
    ...['api: change', 'api: create', 'api: delete'],
    ...['page: delete', 'page: delete?', 'page: new', 'page: save'],
  ],
} as const;

/** Runs one mix for two seconds. Returns the routes that were asked, none of them with a loss. */
export async function routesOf(stack: TestStack, mix: keyof typeof mixes): Promise<string[]> {
  const folder = `${output}-${mix}`;
  const options = ['--mix', mix, '--vus', '4', '--duration', '2s', '--max-p99', '10s'];
  const { code, output: said } = await loadOn(stack, folder, ...options);
  expect(code, said).to.equal(0);
  return Object.keys(reportIn(folder).measured.routes).sort();
}

function loadOn(stack: TestStack, folder: string, ...options: string[]): Promise<Ended> {
  const all = ['--url', stack.url, '--output', folder, ...options];
  return run('npm', ['run', '--silent', 'load', '--', ...all], { cwd: repository });
}

function reportIn(folder: string): Report {
  return JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report;
}

/** Nobody answers within a millisecond. */
async function failsWhenLimitsAreNotKept(stack: TestStack): Promise<void> {
  const options = ['--vus', '5', '--duration', '1s', '--max-p99', '1ms'];
  const { code, output: said } = await loadOn(stack, `${output}-limits`, ...options);
  expect(code, said).to.equal(1);
  expect(said).to.match(/^NOT KEPT: p99, ms [\d,.]+ \(limit 1\)$/m);
}

/** The most connections from users that edge's container had open at one of many moments. */
async function mostConnections(stack: TestStack, seconds: number): Promise<number> {
  const [edge] = await stack.replicas('edge');
  let most = 0;
  for (const until = Date.now() + seconds * 1000; Date.now() < until;) {
    const sockets = await docker('exec', edge!, 'cat', '/proc/net/tcp');
    // Local port 8080 and state "established", in the kernel's hexadecimal.
    const open = sockets.match(/^ *\d+: [0-9A-F]{8}:1F90 [0-9A-F:]+ 01 /gm) ?? [];
    most = Math.max(most, open.length);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return most;
}

function opensInBrowser(requests: number): Promise<void> {
  return inBrowser(async (browser) => {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    const trouble: string[] = [];
    page.on('console', (message) => trouble.push(message.text()));
    page.on('request', (request) => request.url().startsWith('file:') || trouble.push(request.url()));
    await page.goto(String(pathToFileURL(join(output, 'report.html'))));
    await page.getByRole('heading', { name: /^Passed 100 users on/ }).waitFor();
    await page.getByText(requests.toLocaleString('en-US'), { exact: true }).first().waitFor();
    expect(await page.getByRole('img').count()).to.equal(4);
    const drawn = await page.locator('svg polyline').first().boundingBox();
    expect(drawn?.width).to.be.greaterThan(100);
    await screenshot(page, 'load-report');
    await page.setViewportSize({ width: 390, height: 844 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, 'width on a phone').to.be.at.most(390);
    expect(trouble).to.deep.equal([]);
  });
}
