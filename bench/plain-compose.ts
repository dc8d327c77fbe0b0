import { fileURLToPath } from 'node:url';
import type { FaultTarget } from '../tests/e2e/support/fault.ts';
import { docker, eventually, removeImages, run } from '../tests/e2e/support/run.ts';
import {
  containersWith,
  freePort,
  type ContainerInfo,
  type TestStack,
} from '../tests/e2e/support/test-stack.ts';

const folder = fileURLToPath(new URL('plain-compose', import.meta.url));

/** The images of a stack by plain compose behind nginx as people usually write it (bench/plain-compose). */
export class PlainCompose implements FaultTarget {
  readonly project: string;
  readonly url: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly port = freePort();

  /** @param more environment for compose and its file: PLAIN_CATALOGUE, and COMPOSE_PROFILES for a caddy beside nginx. */
  constructor(project: string, more: NodeJS.ProcessEnv = {}) {
    this.project = project;
    this.url = `http://127.0.0.1:${this.port}`;
    this.env = { ...process.env, ...more, PLAIN_PORT: String(this.port) };
  }

  /** Takes the images of a running stack, each by two names, so that there is something to release. */
  async takeImages(stack: TestStack): Promise<void> {
    for (const app of ['product-api', 'storefront', 'migrate']) {
      const [built] = await stack.containers(app === 'migrate' ? 'job' : 'replica', app);
      const id = await docker('inspect', '--format', '{{.Image}}', built!.id);
      for (const version of [1, 2]) await docker('tag', id, this.image(app, version));
    }
  }

  /** Brings it up and waits until a page and the API answer. */
  async up(): Promise<void> {
    await this.start();
    for (const path of ['/', '/api/products'])
      await eventually(60, 'it answers', async () => (await fetch(this.url + path)).ok);
  }

  /** Brings it up as people do, and does not wait for anything. */
  start(): Promise<unknown> {
    return this.compose(1, 'up', '--detach');
  }

  /** Takes down all but the images. */
  stop(): Promise<unknown> {
    return this.compose(1, 'down', '--volumes', '--timeout', '2');
  }

  /** A new image of product-api, as people usually release it. */
  release(): Promise<unknown> {
    return this.compose(2, 'up', '--detach');
  }

  /** Removes all of it. */
  async down(): Promise<void> {
    await this.stop();
    await removeImages(`${this.project}/*`);
  }

  async containers(): Promise<ContainerInfo[]> {
    const label = `com.docker.compose.project=${this.project}`;
    const all = await containersWith(label, 'com.docker.compose.service');
    return all.filter(({ service }) => service !== 'migrate');
  }

  async testProducts(): Promise<string[]> {
    const sql = "SELECT name FROM product WHERE name LIKE 'Test %'";
    const { output } = await this.compose(2, 'exec', '-T', 'db', 'psql', '-U', 'product', '-Atc', sql);
    return output.split('\n');
  }

  private image(app: string, version: number): string {
    return `${this.project}/${app}:${version}`;
  }

  private compose(version: number, ...args: string[]) {
    const images = {
      PLAIN_API: this.image('product-api', version),
      PLAIN_STOREFRONT: this.image('storefront', 1),
      PLAIN_MIGRATE: this.image('migrate', 1),
    };
    const command = ['compose', '-p', this.project, ...args];
    return run('docker', command, { cwd: folder, env: { ...this.env, ...images } });
  }
}
