import { fileURLToPath } from 'node:url';
import { stackPrefix } from '../stacks/labels.ts';
import { run, settled } from '../tests/e2e/support/run.ts';
import { TestStack } from '../tests/e2e/support/test-stack.ts';
import { addressOn } from './containers.ts';
import { Beside } from './beside.ts';
import { naive } from './naive.ts';
import { PlainCompose } from './plain-compose.ts';
import { Wrk, type Script } from './wrk.ts';

/** Products in each of the databases. */
const catalogueSize = '5000';

/** Something that is measured. */
export interface Subject {
  /** Such as "b". */
  readonly key: SubjectKey;
  readonly url: string;
  /** What it is asked for. */
  readonly scripts: readonly Script[];
  /** Containers that take part, by service. */
  readonly containers: Readonly<Record<string, readonly string[]>>;
}

/** What each subject is, in the order of the tables. */
export const subjects = {
  a0: 'naive prototype, one process, asked directly',
  a: 'one product-api, asked directly',
  b: 'ours: edge → 3 product-apis',
  'b-cache': 'ours with edgeCacheSeconds 2; measured after the others',
  d: 'plain compose: nginx → 3 product-apis',
  'd-old': 'the same, as nginx did it before 1.29.7: a connection a request',
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
  readonly naive = new Beside(`bench-${process.pid}-naive`);

  constructor() {
    const more = { PLAIN_CATALOGUE: catalogueSize, COMPOSE_PROFILES: 'caddy' };
    this.plain = new PlainCompose(`bench-${process.pid}-plain`, more);
    this.wrk = new Wrk(`bench-${process.pid}-wrk`);
  }

  /** Starts all of it. */
  async build(): Promise<void> {
    await needTools();
    await this.stack.init({ catalogueSize });
    await this.stack.upOk();
    await this.plain.takeImages(this.stack);
    await this.plain.up();
    await this.naive.start(this.stack, naive());
    const networks = [this.network('edge-ingress'), this.network('edge-product-api')];
    await this.wrk.start([...networks, `${this.plain.project}_default`]);
  }

  /** Lets edge cache from now on. */
  async cache(): Promise<void> {
    await this.stack.configure({ edgeCacheSeconds: '2' });
    await this.stack.upOk();
    const caches = async () => (await fetch(`${this.stack.url}/api/products`)).headers.has('cache-status');
    await settled(20, 'edge caches', caches);
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
      scripts: scriptsOf(key),
    });
    const ingress = this.network('edge-ingress');
    return [
      subject('a0', await address(direct, this.naive.name, 8080, list), {
        'product-api': [this.naive.name],
        database: database!,
      }),
      subject('a', await address(direct, api![0]!, 8080, list), own),
      subject('b', await address(ingress, edge![0]!, 8080, list), { proxy: edge!, ...behind }),
      subject('b-cache', await address(ingress, edge![0]!, 8080, list), { proxy: edge!, ...behind }),
      subject('d', await address(compose, plain['web']![0]!, 80, list), { proxy: plain['web']!, ...theirs }),
      subject('d-old', await address(compose, plain['web']![0]!, 81, list), {
        proxy: plain['web']!,
        ...theirs,
      }),
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
    await this.naive.remove();
    await this.plain.down();
    await this.stack.dispose();
  }

  private network(link: string): string {
    return `${stackPrefix(this.stack.name)}-${link}`;
  }
}

async function byService(
  containers: Promise<{ service: string; id: string }[]>,
): Promise<Record<string, string[]>> {
  const all: Record<string, string[]> = {};
  for (const { service, id } of await containers) (all[service] ??= []).push(id);
  return all;
}

/** wrk and caddy, as images. */
export async function needTools(): Promise<void> {
  const { code, output } = await run(fileURLToPath(new URL('../scripts/setup', import.meta.url)), [
    '--bench',
  ]);
  if (code !== 0) throw new Error(output);
}

function scriptsOf(key: SubjectKey): Script[] {
  return [
    'read',
    ...(['a0', 'a', 'b', 'd', 'e'].includes(key) ? (['pages'] as const) : []),
    ...(['a', 'b', 'd', 'e'].includes(key) ? (['mixed'] as const) : []),
  ];
}
