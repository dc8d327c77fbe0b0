import { join } from 'node:path';
import { expect } from 'chai';
import { repository } from '../support/checkout.ts';
import { underLoad, type FaultTarget } from '../support/fault.ts';
import { docker, eventually, removeImages, run } from '../support/run.ts';
import { containersWith, freePort, type TestStack } from '../support/test-stack.ts';
import { one } from './expect.ts';

/** The same images by plain compose behind nginx as people usually write it: what it loses, for comparison. */
export function plainCompose(stack: TestStack): void {
  const project = `e2e-plain-${process.pid}`;
  const port = freePort();
  const image = (app: string, version: number) => `${project}/${app}:${version}`;
  const compose = (version: number, ...args: string[]) => {
    const images = { PLAIN_API: image('product-api', version), PLAIN_STOREFRONT: image('storefront', 1) };
    const env = { ...process.env, ...images, PLAIN_MIGRATE: image('migrate', 1), PLAIN_PORT: String(port) };
    const folder = join(repository, 'bench/plain-compose');
    return run('docker', ['compose', '-p', project, ...args], { cwd: folder, env });
  };
  const target: FaultTarget = {
    url: `http://127.0.0.1:${port}`,
    containers: async () =>
      (await containersWith(`com.docker.compose.project=${project}`, 'com.docker.compose.service')).filter(
        ({ service }) => service !== 'migrate',
      ),
    testProducts: async () => {
      const sql = "SELECT name FROM product WHERE name LIKE 'Test %'";
      const { output } = await compose(2, 'exec', '-T', 'db', 'psql', '-U', 'product', '-Atc', sql);
      return output.split('\n');
    },
  };
  before(async () => {
    for (const app of ['product-api', 'storefront', 'migrate']) {
      const [built] = await stack.containers(app === 'migrate' ? 'job' : 'replica', app);
      const id = await docker('inspect', '--format', '{{.Image}}', built!.id);
      for (const version of [1, 2]) await docker('tag', id, image(app, version));
    }
    await compose(1, 'up', '--detach');
    await eventually(60, 'it answers', async () => (await fetch(`${target.url}/api/products`)).ok);
  });
  after(async () => {
    await compose(1, 'down', '--volumes', '--timeout', '2');
    await removeImages(`${project}/*`);
  });

  it('loses requests in a release', async () => {
    const release = () => compose(2, 'up', '--detach');
    const row = await underLoad(target, 'plain compose: release of product-api', release);
    expect(row.lostReads).to.be.greaterThan(0);
    expect(await one(stack, 'edge'), 'ours was not touched').to.be.a('string');
  });
}
