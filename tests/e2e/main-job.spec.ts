import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { operations } from './main-job/operations.ts';
import { visitApiDocs, visitStorefront } from './support/browser.ts';
import { hundredUsers, mixes, routesOf } from './support/hundred-users.ts';
import { create, exists } from './support/products.ts';
import { docker, eventually } from './support/run.ts';
import { TestStack } from './support/test-stack.ts';

/** A resource in a stack's state. */
interface Declared {
  readonly urn: string;
  readonly dependencies?: readonly string[];
}

describe('the main job: pulumi up runs the product', () => {
  const stack = new TestStack('main');
  const figures: string[] = [];
  before(() => stack.init({ catalogueSize: '500' }));
  after(async () => {
    await stack.dispose();
    console.log(figures.map((figure) => `      ${figure}`).join('\n'));
  });

  it('brings everything up, healthy by its own health checks', async () => {
    const { seconds } = await stack.upOk();
    figures.push(`pulumi up from nothing, images built or cached by the engine: ${seconds.toFixed(1)} s`);
    const replicas = await stack.containers('replica');
    expect(replicas.map(({ service }) => service).sort()).to.deep.equal([
      'database',
      'edge',
      'gateway',
      'product-api',
      'product-api',
      'product-api',
      'storefront',
      'storefront',
    ]);
    for (const { name, status } of replicas) expect(status, name).to.contain('(healthy)');
    expect((await fetch(stack.url)).status).to.equal(200);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
  });

  it('starts migrations beside Postgres the first time, and product-api after them', async () => {
    const { output } = await stack.pulumiOk('stack', 'export');
    const { resources } = (JSON.parse(output) as { deployment: { resources: Declared[] } }).deployment;
    const after = (component: string) =>
      resources
        .find(({ urn }) => urn.endsWith(`product-stack:index:${component}`))!
        .dependencies!.map((urn) => urn.split('::').at(-1));
    expect(after('OneShotJob::migrate')).to.include('database-files-loader').and.not.include('database-1');
    expect(after('ReplicatedService::product-api')).to.include('migrate');
  });

  it('changes nothing the second time, also after a refresh', async () => {
    const { seconds } = await stack.pulumiOk('preview', '--expect-no-changes');
    figures.push(`preview without changes: ${seconds.toFixed(1)} s`);
    await stack.pulumiOk('refresh', '--yes');
    await stack.pulumiOk('preview', '--expect-no-changes');
  });

  it('tells its URLs, replicas and versions', async () => {
    const { output } = await stack.pulumiOk('stack', 'output', '--json');
    const outputs = JSON.parse(output) as {
      url: string;
      replicas: Record<string, number>;
      versions: Record<string, string>;
    };
    expect(outputs.url).to.equal(stack.url);
    expect(outputs.replicas).to.include({ 'product-api': 3, storefront: 2 });
    expect(outputs.versions['product-api']).to.match(/^[0-9a-f]{12}$/);
  });

  operations(stack);

  it('works in a real browser', async () => {
    expect(await visitStorefront(stack.url)).to.deep.equal([]);
    expect(
      readdirSync('.ci/output').filter((file) => file.startsWith('storefront-')),
    ).to.have.length.at.least(6);
  });

  it('explains its API in a real browser', async () => {
    expect(await visitApiDocs(stack.url)).to.deep.equal([]);
  });

  it('carries 100 users at once, and reports it as a page', async () => {
    figures.push(await hundredUsers(stack));
  });

  for (const mix of ['browse', 'api', 'write'] as const)
    it(`npm run load -- --mix ${mix} asks for that, and for nothing else`, async () => {
      expect(await routesOf(stack, mix)).to.deep.equal(mixes[mix]);
    });

  it('adds exactly two replicas, and all five serve within 2 s', async () => {
    const others = await idsBesides(stack, 'product-api');
    const before = await stack.replicas('product-api');
    await stack.configure({ replicas: '5' });
    await stack.upOk();
    const after = await stack.replicas('product-api');
    expect(after).to.have.length(5).and.to.include.members(before);
    expect(await idsBesides(stack, 'product-api')).to.deep.equal(others);
    await eventually(2, 'all five replicas serve', async () => (await serving(stack)).size === 5);
  });

  it('goes down to two, nothing else touched', async () => {
    const others = await idsBesides(stack, 'product-api');
    await stack.configure({ replicas: '2' });
    await stack.upOk();
    expect(await stack.replicas('product-api')).to.have.length(2);
    expect(await idsBesides(stack, 'product-api')).to.deep.equal(others);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
  });

  it('keeps products when everything is restarted', async () => {
    await create(stack.url, 'KEEP-1');
    await docker('restart', ...(await stack.containers('replica')).map(({ id }) => id));
    await eventually(60, 'the product is there', () => exists(stack.url, 'KEEP-1'));
  });

  it('keeps products when Postgres is killed', async () => {
    await create(stack.url, 'KEEP-2');
    const [database] = await stack.replicas('database');
    await docker(
      'exec',
      database!,
      'bash',
      '-c',
      'kill -9 $(head -1 /var/lib/postgresql/18/docker/postmaster.pid)',
    );
    await eventually(60, 'the product is there', () => exists(stack.url, 'KEEP-2'));
    await docker('kill', database!);
    await docker('start', database!);
    await eventually(60, 'the product is there', () => exists(stack.url, 'KEEP-2'));
  });

  it('destroys without litter, and keeps products for the next up', async () => {
    await stack.pulumiOk('destroy', '--yes', '--skip-preview');
    expect(await stack.leftovers()).to.deep.equal([]);
    await stack.upOk();
    await eventually(
      10,
      'the products are there',
      async () => (await exists(stack.url, 'KEEP-1')) && exists(stack.url, 'KEEP-2'),
    );
  });
});

async function idsBesides(stack: TestStack, service: string): Promise<string[]> {
  return (await stack.containers('replica'))
    .filter((one) => one.service !== service)
    .map(({ id }) => id)
    .sort();
}

/** The addresses of the replicas that answered 60 requests, from edge's own log. */
async function serving(stack: TestStack): Promise<Set<string>> {
  const since = new Date().toISOString();
  await Promise.all(
    Array.from({ length: 60 }, () =>
      fetch(`${stack.url}/api/products?limit=1`).then((answer) => answer.text()),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 1100)); // edge writes its log once a second
  const [edge] = await stack.replicas('edge');
  const log = await docker('logs', '--since', since, edge!);
  return new Set([...log.matchAll(/"upstream":"([\d.:]+)"/g)].map(([, address]) => address!));
}
