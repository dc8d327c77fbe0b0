import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { docker } from './support/run.ts';
import { TestStack } from './support/test-stack.ts';

/** Builds an image that runs `script` with node; returns its name. */
async function imageOf(name: string, script: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'product-stack-image-'));
  writeFileSync(join(folder, 'server.js'), script);
  writeFileSync(
    join(folder, 'Dockerfile'),
    'FROM node:24-alpine\nCOPY server.js /\nCMD ["node", "/server.js"]\n',
  );
  await docker('build', '--quiet', '--tag', name, folder);
  rmSync(folder, { recursive: true });
  return name;
}

const healthyFor = (seconds: number) => `
  require('node:http').createServer((_, answer) => answer.end('ok')).listen(8080);
  setTimeout(() => { console.log('giving up: no teapots left'); process.exit(7); }, ${seconds * 1000});`;

describe('a service that fails', () => {
  const stack = new TestStack('crash');
  const image = `product-stack-e2e-crash-${process.pid}`;
  before(() =>
    stack.init({ storefrontHealthPath: '/', storefrontReplicas: '1', replicas: '1', waitSeconds: '60' }),
  );
  after(async () => {
    await stack.dispose();
    await docker('rmi', '-f', `${image}:start`, `${image}:later`, `${image}:good`);
  });

  it('that crashes on start is refused as a candidate, with its last words', async () => {
    await stack.configure({
      storefrontImage: await imageOf(`${image}:start`, "console.log('no teapots'); process.exit(7);"),
    });
    const { code, output, seconds } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(
      'storefront: its new release exited with code 7 before it was healthy. Its last lines:',
    );
    expect(output).to.contain('no teapots');
    expect(await stack.replicas('storefront')).to.deep.equal([]);
    console.log(`      up ended after ${seconds.toFixed(1)} s`);
  });

  it('that keeps crashing later stops after its five restarts, and up says which and why', async () => {
    await stack.configure({ storefrontImage: await imageOf(`${image}:later`, healthyFor(3.5)) });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(
      'storefront: exited with code 7 and stays down after 5 restarts. Its last lines:',
    );
    expect(output).to.contain('giving up: no teapots left');
    const [replica] = await stack.replicas('storefront');
    expect(await docker('inspect', '--format', '{{.State.Status}} {{.RestartCount}}', replica!)).to.equal(
      'exited 5',
    );
  });

  it('is replaced by an own image that is well, with its port, health path and environment', async () => {
    const server =
      "require('node:http').createServer((_, answer) => answer.end(process.env.GREETING)).listen(3000);";
    await stack.configure({
      storefrontImage: await imageOf(`${image}:good`, server),
      storefrontPort: '3000',
    });
    await stack.configure({
      storefrontHealthPath: '/up',
      storefrontEnv: '{"GREETING":"hello from outside"}',
    });
    await stack.upOk();
    expect(await (await fetch(stack.url)).text()).to.equal('hello from outside');
  });

  it('is healed by the next good up', async () => {
    for (const key of ['storefrontImage', 'storefrontHealthPath', 'storefrontPort', 'storefrontEnv'])
      await stack.pulumiOk('config', 'rm', key);
    await stack.upOk();
    expect((await fetch(stack.url)).status).to.equal(200);
  });
});
