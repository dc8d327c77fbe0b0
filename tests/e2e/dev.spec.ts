import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { textInBrowser } from './support/browser.ts';
import { Developer, ownedByRoot } from './support/developer.ts';
import { create, exists } from './support/products.ts';
import { docker, eventually, removeImages } from './support/run.ts';
import { freePort, TestStack } from './support/test-stack.ts';

describe('local development, as an ordinary user', () => {
  const stack = new TestStack('dev');
  const developer = new Developer(70_000);
  const file = (path: string) => join(developer.checkout, path);
  const debugPort = freePort();
  const settings = {
    dev: 'true',
    httpPort: String(stack.port),
    httpsPort: String(stack.httpsPort),
    replicas: '1',
    storefrontReplicas: '1',
    catalogueSize: '200',
    devProductApiDebugPort: String(debugPort),
    devStorefrontDebugPort: String(freePort()),
    devDatabasePort: String(freePort()),
    productApiCpus: '2',
    storefrontCpus: '2',
  };
  let log = '';
  let dev: ReturnType<Developer['start']>;
  before(async function () {
    developer.create();
    const lines = Object.entries(settings).map(([key, value]) => `  product-stack:${key}: '${value}'\n`);
    writeFileSync(file(`Pulumi.${stack.name}.yaml`), `config:\n${lines.join('')}`);
    developer.own(file(`Pulumi.${stack.name}.yaml`));
    dev = developer.start(`npm run -s dev -- ${stack.name}`);
    for (const stream of [dev.stdout!, dev.stderr!])
      stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const begun = Date.now();
    await eventually(
      240,
      'it is up',
      async () => log.includes(`${stack.name} is up after`) || dev.exitCode !== null,
    );
    expect(dev.exitCode, log).to.equal(null);
    console.log(`      npm run dev, images built: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  });
  after(async () => {
    if (dev?.exitCode === null) process.kill(-dev.pid!, 'SIGKILL');
    await stack.dispose();
    developer.remove();
  });

  const inApi = async (script: string): Promise<string> =>
    docker('exec', (await stack.replicas('product-api'))[0]!, 'sh', '-c', script);

  it('runs everything but the database as that user', async () => {
    for (const service of ['edge', 'gateway', 'storefront', 'product-api'])
      expect(await docker('exec', (await stack.replicas(service))[0]!, 'id', '-u'), service).to.equal(
        '70000',
      );
  });

  it('owns what is made inside, and inside can change what is made outside', async () => {
    await inApi(
      'umask 022; mkdir /app/kit/inside; echo 1 >/app/kit/inside/file.txt; echo 1 >/app/kit/inside/run; chmod 755 /app/kit/inside/run',
    );
    const modes = ['file.txt', 'run'].map((name) => statSync(file(`apps/kit/inside/${name}`)));
    expect(modes.map(({ uid, mode }) => [uid, mode & 0o777])).to.deep.equal([
      [70_000, 0o644],
      [70_000, 0o755],
    ]);
    expect((await developer.run('echo 2 >apps/kit/inside/file.txt && rm -r apps/kit/inside')).code).to.equal(
      0,
    );
    expect(
      (await developer.run('echo outside >apps/kit/outside.txt && chmod 755 apps/kit/outside.txt')).code,
    ).to.equal(0);
    expect(
      await inApi(
        'stat -c "%u %a" /app/kit/outside.txt; echo inside >>/app/kit/outside.txt; cat /app/kit/outside.txt; rm /app/kit/outside.txt',
      ),
    ).to.equal('70000 755\noutside\ninside');
  });

  it('serves a saved change to a browser, and tells after how long', async () => {
    const source = file('apps/storefront/views/layout.ts');
    const good = readFileSync(source, 'utf8');
    expect(good).to.contain('</body>');
    writeFileSync(source, good.replace('</body>', '<p>Freshly saved</p></body>'));
    const begun = Date.now();
    await eventually(10, 'the change', async () =>
      (await (await fetch(stack.url)).text()).includes('Freshly saved'),
    );
    console.log(`      a saved change was served after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    expect(await textInBrowser(stack.url)).to.contain('Freshly saved');
    writeFileSync(source, good);
  });

  it('shows a type error in the log, and serves the version before', async () => {
    const source = file('apps/product-api/etag.ts');
    const good = readFileSync(source, 'utf8');
    const seen = log.length;
    appendFileSync(source, "\nexport const wrong: number = 'text';\n");
    await eventually(15, 'the error', async () => log.slice(seen).includes('TS2322'));
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
    writeFileSync(source, good);
  });

  it('serves a changed nginx file, and serves on when it is wrong', async () => {
    const source = file('nginx/edge/routes.conf');
    const good = readFileSync(source, 'utf8');
    writeFileSync(source, `${good}location = /teapot { return 418 "short and stout\\n"; }\n`);
    await eventually(10, 'the teapot', async () => (await fetch(`${stack.url}/teapot`)).status === 418);
    const seen = log.length;
    writeFileSync(source, 'nonsense;\n');
    await eventually(10, 'the refusal', async () => log.slice(seen).includes('the old one serves on'));
    expect((await fetch(`${stack.url}/teapot`)).status).to.equal(418);
    writeFileSync(source, good);
  });

  it('has a debugger and Postgres on loopback ports', async () => {
    const debuggers = (await (await fetch(`http://127.0.0.1:${debugPort}/json/list`)).json()) as {
      type: string;
    }[];
    expect(debuggers[0]).to.have.property('type', 'node');
    const { output } = await developer.run(
      `pulumi stack output databaseUrl --show-secrets --stack ${stack.name}`,
    );
    const ask = [
      'run',
      '--rm',
      '--network',
      'host',
      'postgres:18-trixie',
      'psql',
      '-Atc',
      'SELECT count(*) FROM product',
    ];
    expect(await docker(...ask, output.trim())).to.equal('200');
  });

  it('passes the audit, its exceptions named', async () => {
    const { code, output } = await developer.run(`npm run -s audit -- --stack ${stack.name}`);
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/product-api → host/)
      .and.not.to.contain('→ outside');
  });

  it('has a compose export that does the same, beside it, for whoever calls', async () => {
    const project = `${stack.name}-compose`;
    const compose = file('docker-compose.dev.yml');
    const port = freePort();
    let text = readFileSync(compose, 'utf8').replace('127.0.0.1:8081:', `127.0.0.1:${port}:`);
    for (const other of [8444, 9229, 9329, 5433])
      text = text.replace(`127.0.0.1:${other}:`, `127.0.0.1:${freePort()}:`);
    writeFileSync(compose, text.replaceAll('product-stack-dev/', `${project}/`));
    const dockerCompose = (command: string) =>
      developer.run(`npm run -s dev:compose -- -p ${project} ${command}`);
    try {
      const up = await dockerCompose('up --detach --wait');
      expect(up.code, up.output).to.equal(0);
      expect((await fetch(`http://127.0.0.1:${port}`)).status).to.equal(200);
      expect((await dockerCompose('exec -T product-api id -u')).output.trim()).to.equal('70000');
      expect((await fetch(stack.url)).status, 'the other one').to.equal(200);
    } finally {
      await dockerCompose('down --volumes --timeout 5');
      await removeImages(`${project}/*`);
    }
  });

  it('runs beside staging', async () => {
    const staging = new TestStack('dev-staging');
    try {
      await staging.init({ replicas: '1', storefrontReplicas: '1' });
      await staging.upOk();
      for (const { url } of [staging, stack]) expect((await fetch(url)).status).to.equal(200);
      await create(staging.url, 'STAGING-1');
      expect(await exists(stack.url, 'STAGING-1'), 'data of its own').to.equal(false);
    } finally {
      await staging.dispose();
    }
  });

  it('has a fresh database after npm run dev:reset', async () => {
    await create(stack.url, 'DEV-1');
    const { code, output } = await developer.run(`npm run -s dev:reset -- ${stack.name}`);
    expect(code, output).to.equal(0);
    await eventually(20, 'an answer', async () => !(await exists(stack.url, 'DEV-1')));
  });

  it('leaves nothing of root in the checkout, and ends with Ctrl-C', async () => {
    expect(ownedByRoot(developer.home)).to.deep.equal([]);
    process.kill(-dev.pid!, 'SIGINT');
    await eventually(60, 'the end', async () => dev.exitCode !== null);
    expect(dev.exitCode, log.slice(-1000)).to.be.oneOf([0, 130]);
    expect(log).to.match(/stopping \S+: \d+ s/);
    expect(await stack.containers()).to.deep.equal([]);
    expect(ownedByRoot(developer.home)).to.deep.equal([]);
  });

  describe('a checkout that cannot be used', () => {
    it('of another user is named', async () => {
      for (const folder of [developer.home, developer.checkout]) chmodSync(folder, 0o755);
      const other = new Developer(1234);
      other.create();
      rmSync(other.checkout, { recursive: true });
      execFileSync('ln', ['-s', developer.checkout, other.checkout]);
      const { code, output } = await other.run('npm run -s dev');
      other.remove();
      expect(code).to.equal(1);
      expect(output).to.contain(
        'this checkout belongs to 70000:70000, and you are 1234:1234, who may not write here',
      );
    });

    it('that is read-only is named', async () => {
      execFileSync('chmod', ['-R', 'u-w', file('apps'), file('.state')]);
      const { code, output } = await developer.run('npm run -s dev');
      execFileSync('chmod', ['-R', 'u+w', file('apps'), file('.state')]);
      expect(code).to.equal(1);
      expect(output).to.contain('this checkout is read-only for you');
    });
  });
});
