import { fileURLToPath } from 'node:url';
import { docker, eventually } from '../tests/e2e/support/run.ts';
import { TestStack } from '../tests/e2e/support/test-stack.ts';
import { addressOn } from './containers.ts';
import { PlainCompose } from './plain-compose.ts';
import { Wrk } from './wrk.ts';

/** Products in each of the databases. */
const catalogueSize = '5000';

/** Something that is measured. */
export interface Subject {
  /** Such as "b". */
  readonly key: SubjectKey;
  readonly url: string;
  /** Whether it takes writes too. */
  readonly writes: boolean;
  /** Containers that take part, by service. */
  readonly containers: Readonly<Record<string, readonly string[]>>;
}

/** What each subject is, in the order of the tables. */
export const subjects = {
  a0: 'naive prototype, one process, asked directly',
  a: 'one product-api, asked directly',
  b: 'ours: edge → 3 product-apis',
  d: 'plain compose: nginx → 3 product-apis',
  e: 'plain compose: caddy → 3 product-apis',
  c: 'ours, a page: edge → storefront → gateway → product-api',
  'd-page': 'plain compose, a page: nginx → storefront → nginx → product-api',
} as const;
export type SubjectKey = keyof typeof subjects;

/** Everything that is compared, up at the same time; only one is asked at a time. `remove` takes all of it away. */
export class Arena {
  readonly stack = new TestStack('bench');
  readonly plain: PlainCompose;
  readonly wrk: Wrk;
  private readonly prefix = `bench-${process.pid}`;
  private readonly images = { caddy: `${this.prefix}/caddy:1`, wrk: `${this.prefix}/wrk:1` };
  private readonly naive = `${this.prefix}-naive`;

  constructor() {
    this.plain = new PlainCompose(`${this.prefix}-plain`, {
      PLAIN_CADDY: this.images.caddy,
      PLAIN_CATALOGUE: catalogueSize,
    });
    this.wrk = new Wrk(`${this.prefix}-wrk`);
  }

  /** Builds and starts all of it. */
  async build(): Promise<void> {
    const context = fileURLToPath(new URL('.', import.meta.url));
    for (const [target, tag] of Object.entries(this.images))
      await docker('build', '--quiet', '--target', target, '--tag', tag, context);
    await this.stack.init({ catalogueSize });
    await this.stack.upOk();
    await this.plain.takeImages(this.stack);
    await this.plain.up();
    await this.startNaive();
    const networks = [this.network('edge-ingress'), this.network('edge-product-api')];
    await this.wrk.start(this.images.wrk, [...networks, `${this.plain.project}_default`]);
  }

  /** What can be measured. */
  async subjects(): Promise<Subject[]> {
    const [ours, plain] = [
      await byService(this.stack.containers('replica')),
      await byService(this.plain.containers()),
    ];
    const { edge, storefront, gateway, database, 'product-api': api } = ours as Record<string, string[]>;
    const direct = this.network('edge-product-api');
    const own = { 'product-api': [api![0]!], database: database! };
    const behind = { 'product-api': api!, database: database! };
    const theirs = { 'product-api': plain['api']!, database: plain['db']! };
    const address = async (network: string, id: string, port: number, path: string) =>
      `http://${await addressOn(network, id)}:${port}${path}`;
    const compose = `${this.plain.project}_default`;
    const list = '/api/products?limit=20';
    const subject = (key: SubjectKey, url: string, containers: Subject['containers']): Subject => ({
      key,
      url,
      containers,
      writes: ['a', 'b', 'd', 'e'].includes(key),
    });
    const ingress = this.network('edge-ingress');
    return [
      subject('a0', await address(direct, this.naive, 8080, list), {
        'product-api': [this.naive],
        database: database!,
      }),
      subject('a', await address(direct, api![0]!, 8080, list), own),
      subject('b', await address(ingress, edge![0]!, 8080, list), { proxy: edge!, ...behind }),
      subject('d', await address(compose, plain['web']![0]!, 80, list), { proxy: plain['web']!, ...theirs }),
      subject('e', await address(compose, plain['caddy']![0]!, 80, list), {
        proxy: plain['caddy']!,
        ...theirs,
      }),
      subject('c', await address(ingress, edge![0]!, 8080, '/'), {
        proxy: [...edge!, ...gateway!],
        storefront: storefront!,
        ...behind,
      }),
      subject('d-page', await address(compose, plain['web']![0]!, 80, '/'), {
        proxy: plain['web']!,
        storefront: plain['storefront']!,
        ...theirs,
      }),
    ];
  }

  async remove(): Promise<void> {
    await this.wrk.remove();
    await docker('rm', '--force', this.naive).catch(() => undefined);
    await this.plain.down();
    await this.stack.dispose();
    await docker('rmi', '--force', ...Object.values(this.images)).catch(() => undefined);
  }

  private network(link: string): string {
    return `product-stack-${this.stack.name}-${link}`;
  }

  /** The prototype, in the image, with the limits, secrets and database of one of our replicas. */
  private async startNaive(): Promise<void> {
    const [replica] = await this.stack.replicas('product-api');
    const image = await docker('inspect', '--format', '{{.Image}}', replica!);
    const code = fileURLToPath(new URL('naive/server.mjs', import.meta.url));
    const env = {
      HOST: 'database',
      NAME: 'product',
      USER: 'product_app',
      PASSWORD_FILE: '/run/secrets/database-app-password',
    };
    const flags = Object.entries(env).flatMap(([name, value]) => ['--env', `DATABASE_${name}=${value}`]);
    const mount = `type=bind,source=${code},target=/app/naive.mjs,readonly`;
    const limits = [
      '--cpus',
      '1',
      '--memory',
      '256m',
      '--init',
      '--volumes-from',
      replica!,
      '--mount',
      mount,
    ];
    const database = ['--network', this.network('product-api-database')];
    await docker(
      'run',
      '--detach',
      '--name',
      this.naive,
      ...flags,
      ...limits,
      ...database,
      image,
      'node',
      'naive.mjs',
    );
    await docker('network', 'connect', this.network('edge-product-api'), this.naive);
    const works = () =>
      docker('exec', this.naive, 'wget', '-qO', '/dev/null', 'http://127.0.0.1:8080/api/products');
    await eventually(20, 'the prototype answers', works);
  }
}

async function byService(
  containers: Promise<{ service: string; id: string }[]>,
): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const { service, id } of await containers) (all[service] ??= []).push(id);
  return all;
}
