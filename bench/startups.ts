import { labelKeys } from '../stacks/labels.ts';
import { eventually, removeImages, run } from '../tests/e2e/support/run.ts';
import { TestStack } from '../tests/e2e/support/test-stack.ts';
import { PlainCompose } from './plain-compose.ts';
import { busySeconds } from './machine.ts';
import type { Kind, Started } from './startup-report.ts';
import { Timeline } from './timeline.ts';
import { writeExport } from './write-export.ts';

const catalogueSize = '5000';
const composeLabels = ['com.docker.compose.service', 'com.docker.compose.oneoff'] as const;

/** The ways to bring the product up, each from nothing as often as asked; nothing remains of one before the next but the layers of images. */
export class Startups {
  /** Never brought up by Pulumi: what ours is each time, as compose. */
  private readonly exported = new TestStack('export');
  private readonly project = `bench-${process.pid}-export`;
  private readonly plain = new PlainCompose(`bench-${process.pid}-plain`, { PLAIN_CATALOGUE: catalogueSize });

  /** Makes the export, and has the engine build the layers of all images. @throws Error with what was printed. */
  async build(): Promise<void> {
    await this.exported.init({ catalogueSize });
    await writeExport(this.exported, 'docker-compose.yml');
    await this.compose('build', '--quiet');
    await this.removeExported();
    await withStack('images', async (images) => {
      await images.upOk();
      await this.plain.takeImages(images);
    });
  }

  /** Brings one up, and takes it away again. @throws Error when it gives no good answer within two minutes. */
  start(kind: Kind): Promise<Started> {
    if (kind === 'ours') return this.startOurs();
    return kind === 'exported' ? this.startExported() : this.startPlain();
  }

  async remove(): Promise<void> {
    await this.removeExported();
    await this.exported.dispose();
    await this.plain.down();
  }

  private startOurs(): Promise<Started> {
    return withStack('start', (stack) => {
      const timeline = new Timeline(`${labelKeys.stack}=${stack.name}`, labelKeys.service, labelKeys.role);
      return measure(timeline, stack.url, () => stack.upOk());
    });
  }

  private async startExported(): Promise<Started> {
    const timeline = new Timeline(`com.docker.compose.project=${this.project}`, ...composeLabels);
    const up = () => this.compose('up', '--detach', '--wait');
    const started = await measure(timeline, this.exported.url, up);
    await this.removeExported();
    return started;
  }

  /** Its images too, as of ours. */
  private async removeExported(): Promise<void> {
    await this.compose('down', '--volumes', '--timeout', '5');
    await removeImages(`product-stack-${this.exported.name}/*`);
  }

  private async startPlain(): Promise<Started> {
    const timeline = new Timeline(`com.docker.compose.project=${this.plain.project}`, ...composeLabels);
    const started = await measure(timeline, this.plain.url, () => this.plain.start());
    await this.plain.stop();
    return started;
  }

  private async compose(...args: string[]): Promise<void> {
    const { code, output } = await run('docker', ['compose', '-p', this.project, ...args], {
      cwd: this.exported.folder,
    });
    if (code !== 0) throw new Error(output);
  }
}

/** A stack of usual settings for as long as it takes. */
async function withStack<Value>(name: string, use: (stack: TestStack) => Promise<Value>): Promise<Value> {
  const stack = new TestStack(name);
  try {
    await stack.init({ catalogueSize });
    return await use(stack);
  } finally {
    await stack.dispose();
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
    const before = busySeconds();
    await up();
    const [ended, cpu] = [timeline.now(), busySeconds() - before];
    return { events: timeline.events, answered: Math.max(...(await first)), ended, cpu };
  } finally {
    timeline.end();
  }
}
