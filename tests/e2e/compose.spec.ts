import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { parse, stringify } from 'yaml';
import { copyCheckout, removeCheckout, repository } from './support/checkout.ts';
import { MetricsStore } from './support/metrics-store.ts';
import { create, exists } from './support/products.ts';
import { docker, eventually, removeImages, run } from './support/run.ts';
import { freePort } from './support/test-stack.ts';

describe('docker compose up on a fresh clone', () => {
  const folder = copyCheckout({ packages: false });
  const project = `e2e-compose-${process.pid}`;
  const port = freePort();
  const url = `http://127.0.0.1:${port}`;
  const metricsPort = freePort();
  const compose = (...args: string[]) => run('docker', ['compose', '-p', project, ...args], { cwd: folder });
  const composeOk = async (...args: string[]) => {
    const { code, output } = await compose(...args);
    expect(code, `docker compose ${args.join(' ')}\n${output}`).to.equal(0);
    return output;
  };
  before(() => {
    // Its own port and image names: another stack may run on this machine.
    const file = join(folder, 'docker-compose.yml');
    const text = readFileSync(file, 'utf8')
      .replace('127.0.0.1:8080:', `127.0.0.1:${port}:`)
      .replace('127.0.0.1:8443:', `127.0.0.1:${freePort()}:`)
      .replace('127.0.0.1:8428:', `127.0.0.1:${metricsPort}:`);
    writeFileSync(file, text.replaceAll('product-stack-staging/', `${project}/`));
  });
  after(async () => {
    await compose('down', '--volumes', '--timeout', '5');
    await removeImages(`${project}/*`);
    removeCheckout(folder);
  });

  it('has no warning', async () => expect(await composeOk('config', '--quiet')).to.equal(''));

  it('brings the whole system up, healthy', async () => {
    const begun = Date.now();
    await composeOk('up', '--detach', '--wait');
    console.log(
      `      docker compose up --wait, images built: ${((Date.now() - begun) / 1000).toFixed(1)} s`,
    );
    expect((await fetch(url)).status).to.equal(200);
    expect(await exists(url, 'nothing')).to.equal(false);
    const { items } = (await (await fetch(`${url}/api/products`)).json()) as { items: unknown[] };
    expect(items, 'the dummy catalogue').to.have.length(20);
  });

  it('makes passwords that no file, environment or inspect shows', async () => {
    const files = await composeOk('exec', '-T', 'database', 'sh', '-c', 'cat /run/secrets/*');
    const passwords = files.match(/[A-Za-z0-9]{32}/g)!;
    expect(new Set(passwords)).to.have.property('size', 5);
    const ids = (await composeOk('ps', '-aq')).trim().split('\n');
    const inspected = await docker('inspect', ...ids);
    for (const password of passwords) expect(inspected).not.to.contain(password);
  });

  it('is as closed as the Pulumi stack, by the same audit', async () => {
    const audit = ['run', '-s', 'audit', '--', '--compose', project];
    const { code, output } = await run('npm', audit, { cwd: repository });
    expect(code, output).to.equal(0);
    expect(output).to.contain('excepted  user: fresh volumes belong to root');
  });

  it('has metrics of every service', async () => {
    const services = [
      'alerts',
      'backup',
      'database',
      'edge',
      'gateway',
      'metrics',
      'product-api',
      'storefront',
    ];
    const store = new MetricsStore(metricsPort);
    await eventually(30, `${services.join(', ')} answer the store`, async () => {
      expect(Object.keys(await store.byService('sum by (service) (up == 1)')).sort()).to.deep.equal(services);
      return true;
    });
  });

  it('makes backups', async () => {
    await composeOk('exec', '-T', 'backup', 'bash', '/etc/product-stack/backup/dump.sh', 'asked');
    const listed = await composeOk(
      'exec',
      '-T',
      'backup',
      'sh',
      '-c',
      'pg_restore --list $BACKUPS/latest; cat $BACKUPS/*.json',
    );
    expect(listed).to.contain('TABLE DATA public product').and.to.contain('"product" : 5000');
  });

  it('takes a backup back in place, as docs/backups.md says', async () => {
    const [block] = /```sh compose\n([^]+?)```/
      .exec(readFileSync(join(repository, 'docs/backups.md'), 'utf8'))!
      .slice(1);
    await create(url, 'LATER-1');
    const script = block!.replaceAll('docker compose ', `docker compose -p ${project} `);
    const { code, output } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder });
    expect(code, output).to.equal(0);
    await eventually(20, 'what came after the backup is gone', async () => !(await exists(url, 'LATER-1')));
    expect((await fetch(`${url}/api/products?limit=1`)).status).to.equal(200);
  });

  it('finds five replicas, and loses no GET when one is killed', async () => {
    await composeOk('up', '--detach', '--wait', '--no-recreate', '--scale', 'product-api=5');
    expect((await composeOk('ps', '-q', 'product-api')).trim().split('\n')).to.have.length(5);
    const lostWithAll = await failedDuring(url, () =>
      composeOk('kill', '--signal', 'SIGKILL', 'product-api'),
    );
    expect(lostWithAll, 'with all of them gone requests must fail, or nothing is measured').to.be.greaterThan(
      0,
    );
    await composeOk('up', '--detach', '--wait', '--scale', 'product-api=5');
    const lostWithOne = await failedDuring(url, async () => {
      const [one] = (await composeOk('ps', '-q', 'product-api')).trim().split('\n');
      await docker('kill', one!);
    });
    expect(lostWithOne).to.equal(0);
  });

  it('keeps products through down and up, and loses them only with --volumes', async () => {
    await create(url, 'COMPOSE-1');
    await composeOk('down', '--timeout', '10');
    await composeOk('up', '--detach', '--wait');
    await eventually(10, 'the product is there', () => exists(url, 'COMPOSE-1'));
    await composeOk('down', '--volumes', '--timeout', '10');
    expect(await docker('volume', 'ls', '--quiet', '--filter', `name=${project}_`)).to.equal('');
  });
});

describe('the exported file and docker stack', () => {
  /** Runs the stack parser on the exported file without some keys of its services. */
  async function parsed(without: readonly string[]): Promise<{ code: number; output: string }> {
    const document = parse(readFileSync(join(repository, 'docker-compose.yml'), 'utf8'), {
      merge: true,
    }) as Compose;
    for (const part of [document, ...Object.values(document.services)])
      for (const key of without) Reflect.deleteProperty(part, key);
    const file = join(mkdtempSync(join(tmpdir(), 'product-stack-')), 'stack.yml');
    writeFileSync(file, stringify({ ...document, 'x-hardening': {} }, { aliasDuplicateObjects: false }));
    const ended = await run('docker', ['stack', 'config', '-c', file]);
    rmSync(dirname(file), { recursive: true });
    return ended;
  }

  // What a Swarm's parser refuses, as the README lists it.
  it('refuses memswap_limit', async () => {
    expect((await parsed([])).output).to.contain('Configuration contains forbidden properties');
  });
  it('refuses conditions in depends_on', async () => {
    expect((await parsed(['memswap_limit'])).output).to.match(/depends_on must be a list/);
  });
  it('refuses dns_opt', async () => {
    expect((await parsed(['memswap_limit', 'depends_on'])).output).to.contain(
      'Additional property dns_opt is not allowed',
    );
  });
  it('refuses the name of the project', async () => {
    const { output } = await parsed(['memswap_limit', 'depends_on', 'dns_opt']);
    expect(output).to.contain('Additional property name is not allowed');
  });
  it('takes the rest, but ignores the address of a port', async () => {
    const { code, output } = await parsed(['memswap_limit', 'depends_on', 'dns_opt', 'name']);
    expect(code, output).to.equal(0);
    expect(output).to.contain('ignoring IP-address');
  });
});

interface Compose {
  [key: string]: unknown;
  services: Record<string, Record<string, unknown>>;
}

/** How many of ten clients' GETs fail from before `fault` until two seconds after it. */
async function failedDuring(url: string, fault: () => Promise<unknown>): Promise<number> {
  let failed = 0;
  let stop = false;
  const asking = Array.from({ length: 10 }, async () => {
    while (!stop) {
      const ok = await fetch(`${url}/api/products?limit=1`).then(
        (answer) => answer.text().then(() => answer.ok),
        () => false,
      );
      if (!ok) failed++;
    }
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  await fault();
  await new Promise((resolve) => setTimeout(resolve, 2000));
  stop = true;
  await Promise.all(asking);
  return failed;
}
