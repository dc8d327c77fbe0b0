import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labelKeys } from '../stacks/labels.ts';
import { copyCheckout, removeCheckout } from '../tests/e2e/support/checkout.ts';
import { eventually, removeImages, run } from '../tests/e2e/support/run.ts';
import { freePort, TestStack } from '../tests/e2e/support/test-stack.ts';
import { PlainCompose } from './plain-compose.ts';
import type { Kind, Started } from './startup-report.ts';
import { Timeline } from './timeline.ts';

const catalogueSize = '5000';
const composeLabels = ['com.docker.compose.service', 'com.docker.compose.oneoff'] as const;

/** The ways to bring the product up, each from nothing as often as asked; nothing remains of one before the next but the layers of images. */
export class Startups {
  private readonly images = new TestStack('images');
  private readonly project = `bench-${process.pid}-export`;
  private readonly folder = copyCheckout({ packages: false });
  private readonly port = freePort();
  private readonly plain = new PlainCompose(`bench-${process.pid}-plain`, { PLAIN_CATALOGUE: catalogueSize });

  /** Has the engine build the layers of all images. */
  async build(): Promise<void> {
    const file = join(this.folder, 'docker-compose.yml');
    const text = readFileSync(file, 'utf8')
      .replace('127.0.0.1:8080:', `127.0.0.1:${this.port}:`)
      .replace('127.0.0.1:8443:', `127.0.0.1:${freePort()}:`);
    writeFileSync(file, text.replaceAll('product-stack-staging/', `${this.project}/`));
    await this.compose('build', '--quiet');
    await removeImages(`${this.project}/*`);
    await this.images.init({ catalogueSize });
    await this.images.upOk();
    await this.plain.takeImages(this.images);
  }

  /** Brings one up, and takes it away again. @throws Error when it gives no good answer within two minutes. */
  start(kind: Kind): Promise<Started> {
    if (kind === 'ours') return this.startOurs();
    return kind === 'exported' ? this.startExported() : this.startPlain();
  }

  async remove(): Promise<void> {
    await this.removeExported();
    removeCheckout(this.folder);
    await this.plain.down();
    await this.images.dispose();
  }

  private async startOurs(): Promise<Started> {
    const stack = new TestStack('start');
    try {
      await stack.init({ catalogueSize });
      const timeline = new Timeline(`${labelKeys.stack}=${stack.name}`, labelKeys.service, labelKeys.role);
      return await measure(timeline, stack.url, () => stack.upOk());
    } finally {
      await stack.dispose();
    }
  }

  private async startExported(): Promise<Started> {
    const timeline = new Timeline(`com.docker.compose.project=${this.project}`, ...composeLabels);
    const up = () => this.compose('up', '--detach', '--wait');
    const started = await measure(timeline, `http://127.0.0.1:${this.port}`, up);
    await this.removeExported();
    return started;
  }

  /** Its images too, as of ours. */
  private async removeExported(): Promise<void> {
    await this.compose('down', '--volumes', '--timeout', '5');
    await removeImages(`${this.project}/*`);
  }

  private async startPlain(): Promise<Started> {
    const timeline = new Timeline(`com.docker.compose.project=${this.plain.project}`, ...composeLabels);
    const started = await measure(timeline, this.plain.url, () => this.plain.start());
    await this.plain.stop();
    return started;
  }

  private async compose(...args: string[]): Promise<void> {
    const { code, output } = await run('docker', ['compose', '-p', this.project, ...args], {
      cwd: this.folder,
    });
    if (code !== 0) throw new Error(output);
  }
}

/** Runs `up` and waits for the first good page and the first good answer of the API. */
async function measure(timeline: Timeline, url: string, up: () => Promise<unknown>): Promise<Started> {
  try {
    const first = Promise.all(
      ['/', '/api/products'].map(async (path) => {
        const isGood = async () => (await fetch(url + path, { signal: AbortSignal.timeout(1000) })).ok;
        await eventually(120, `a good answer at ${path}`, isGood);
        return timeline.now();
      }),
    );
    // Told below; until then it must not end the process.
    first.catch(() => undefined);
    await up();
    const ended = timeline.now();
    return { events: timeline.events, answered: Math.max(...(await first)), ended };
  } finally {
    timeline.end();
  }
}
