import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { docker, eventually } from './support/run.ts';
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

// A candidate is asked for its health every second, a replica for the first time after 2.75 s.
const wellAsCandidate = `
  let asked = 0;
  require('node:http').createServer((_, answer) => { asked++; answer.end('ok'); }).listen(8080);
  const giveUp = () => { console.log('giving up: no teapots left'); process.exit(7); };
  setTimeout(() => (asked === 0 ? giveUp() : setTimeout(giveUp, 5000)), 2200);`;

describe('a service that fails', () => {
  const stack = new TestStack('crash');
  const image = `product-stack-e2e-crash-${process.pid}`;
  before(() =>
    stack.init({ storefrontHealthPath: '/', storefrontReplicas: '1', replicas: '1', waitSeconds: '45' }),
  );
  after(async () => {
    await stack.dispose();
    await docker('rmi', '-f', `${image}:start`, `${image}:later`, `${image}:good`, `${image}:greedy`);
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
    // Its replicas, which start beside it, crash as well and say nothing more.
    expect(output).not.to.contain('stays down');
    expect(await stack.replicas('storefront')).to.deep.equal([]);
    console.log(`      up ended after ${seconds.toFixed(1)} s`);
  });

  it('that keeps crashing later stops after its five restarts, and up says which and why', async () => {
    await stack.configure({ storefrontImage: await imageOf(`${image}:later`, wellAsCandidate) });
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

  it('that needs more memory than it may have is named as such', async () => {
    const greedy = 'const all = []; setInterval(() => all.push(Buffer.alloc(2 ** 23, 1)), 20);';
    await stack.configure({
      storefrontImage: await imageOf(`${image}:greedy`, greedy),
      storefrontMemory: '64',
    });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(
      'It was killed for want of memory: its limit is 64 MiB. Run: pulumi config set storefrontMemory 128',
    );
    await stack.pulumiOk('config', 'rm', 'storefrontMemory');
  });

  it('whose image is nowhere is named', async () => {
    await stack.configure({ storefrontImage: `${image}:nowhere` });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(`${image}:nowhere`);
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
    // edge learns of the other port by a reload, a moment after "up".
    const text = async () => (await fetch(stack.url)).text();
    await eventually(10, 'its page', async () => (await text()) === 'hello from outside');
  });

  it('whose build fails is shown with the last lines of it', async () => {
    const file = join(stack.folder, 'apps/Dockerfile');
    const good = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      good.replace(/^(FROM .* AS build)$/m, '$1\nRUN echo there is no teapot >&2 && exit 3'),
    );
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain('there is no teapot');
    writeFileSync(file, good);
  });

  it('is healed by the next good up', async () => {
    for (const key of ['storefrontImage', 'storefrontHealthPath', 'storefrontPort', 'storefrontEnv'])
      await stack.pulumiOk('config', 'rm', key);
    await stack.upOk();
    await eventually(10, 'the shop', async () => (await fetch(stack.url)).ok);
  });
});

describe('a first up, whose migrations start beside Postgres', () => {
  const [stack, sick] = [new TestStack('first'), new TestStack('sick')];
  before(async () => {
    await stack.init({ replicas: '1', storefrontReplicas: '1' });
    await sick.init({ replicas: '1', storefrontReplicas: '1', waitSeconds: '20' });
  });
  after(() => stack.dispose().finally(() => sick.dispose()));

  it('ends soon when Postgres has no image, as nobody waits for it', async () => {
    await sick.configure({ postgresImage: 'product-stack-e2e/nowhere:18' });
    const { code, output, seconds } = await sick.up();
    await sick.pulumiOk('config', 'rm', 'postgresImage');
    expect(code).not.to.equal(0);
    expect(output).to.contain('product-stack-e2e/nowhere:18');
    expect(output).not.to.contain('migrate: ');
    expect(seconds).to.be.below(60);
  });

  it('ends when Postgres does not come up, and the migrations that wait for it go with it', async () => {
    const file = join(sick.folder, 'database/serve.sh');
    writeFileSync(file, 'echo no elephants; exit 3\n');
    const { code, output, seconds } = await sick.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(
      'database: exited with code 3 and stays down after 5 restarts. Its last lines:',
    );
    expect(output).to.contain('no elephants');
    expect(output).not.to.contain('migrate: exited');
    // Migrations would wait for 280 s.
    expect(seconds).to.be.below(60);
  });

  it('ends soon when a migration fails, and says so', async () => {
    const file = join(stack.folder, 'apps/migrate/migrations/0099-broken.sql');
    writeFileSync(file, 'ALTER TABLE teapot ADD COLUMN lid text;\n');
    const { code, output, seconds } = await stack.up();
    rmSync(file);
    expect(code).not.to.equal(0);
    expect(output).to.contain('migrate: exited with code 1. Its last lines:');
    expect(output).to.contain('relation "teapot" does not exist');
    expect(await stack.replicas('product-api')).to.deep.equal([]);
    expect(seconds).to.be.below(60);
    console.log(`      up ended after ${seconds.toFixed(1)} s`);
  });

  it('is healed by the next good up', async () => {
    await stack.upOk();
    await eventually(10, 'products', async () => (await fetch(`${stack.url}/api/products`)).ok);
  });
});
