import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { productTopology } from '../../stacks/product.ts';
import { readStackFile } from '../../stacks/stack-file.ts';
import { copyCheckout, removeCheckout } from './support/checkout.ts';
import { EngineContainer } from './support/engine-container.ts';
import { create, exists } from './support/products.ts';
import { eventually, removeImages, run } from './support/run.ts';

describe('the engine', () => {
  const engine = new EngineContainer('engine');
  const folder = copyCheckout({ packages: false });
  const project = engine.name;
  const { services } = productTopology(readStackFile('staging'));
  const replicas = services.reduce((sum, service) => sum + service.replicas, 0);
  /** Docker compose, on this machine's engine or on the one in the container. */
  const compose = async (host: string[], ...args: string[]) => {
    const { code, output } = await run('docker', [...host, 'compose', '-p', project, ...args], {
      cwd: folder,
    });
    expect(code, output).to.equal(0);
    return output.trim();
  };
  before(async () => {
    const file = join(folder, 'docker-compose.yml');
    const text = readFileSync(file, 'utf8').replace('127.0.0.1:8080:', '8080:');
    writeFileSync(file, text.replaceAll('product-stack-staging/', `${project}/`));
    await compose([], 'build');
    await engine.create({ folder });
    const images = (await compose([], 'config', '--images')).split('\n');
    await engine.load(...new Set(images));
    await compose(['--host', engine.host], 'up', '--detach', '--wait', '--no-build');
  });
  after(async () => {
    await engine.remove();
    await removeImages(`${project}/*`);
    removeCheckout(folder);
  });

  const outages: [name: string, sku: string, cause: () => Promise<void>][] = [
    ['stopped (a planned reboot)', 'REBOOT', () => engine.stop()],
    ['killed with everything (a power cut)', 'POWER', () => engine.cutPower()],
  ];
  for (const [name, sku, cause] of outages) {
    it(`${name} and started: everything is up again by itself within 60 s, data intact`, async () => {
      await create(engine.url, sku);
      await cause();
      await engine.start();
      const begun = Date.now();
      await eventually(60, 'all healthy', allHealthy);
      await eventually(5, 'the product is there', () => exists(engine.url, sku));
      console.log(`      ${name}: all healthy after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
      expect(await restartPolicies(), 'still bounded').to.deep.equal(['on-failure:5']);
    });
  }

  async function allHealthy(): Promise<boolean> {
    const listed = await engine.docker(
      'ps',
      ...['--all', '--filter', 'label=product-stack.role=replica', '--format', '{{.Status}}'],
    );
    const states = listed.split('\n');
    return states.length === replicas && states.every((status) => status.includes('(healthy)'));
  }

  async function restartPolicies(): Promise<string[]> {
    const ids = await engine.docker('ps', '--quiet', '--filter', 'label=product-stack.role=replica');
    const format = '{{.HostConfig.RestartPolicy.Name}}:{{.HostConfig.RestartPolicy.MaximumRetryCount}}';
    const policies = await engine.docker('inspect', '--format', format, ...ids.split('\n'));
    return [...new Set(policies.split('\n'))];
  }
});
