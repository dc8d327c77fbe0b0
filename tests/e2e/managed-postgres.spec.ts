import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { newPair } from '../support/certificates.ts';
import { repository } from './support/checkout.ts';
import { ManagedPostgres } from './support/managed-postgres.ts';
import { create, exists } from './support/products.ts';
import { docker, type Ended } from './support/run.ts';
import { TestStack } from './support/test-stack.ts';

/** docs/managed-postgres.md, on a Postgres that belongs to nobody's stack. */
describe('a managed Postgres', () => {
  const managed = new ManagedPostgres('managed-postgres');
  const stack = new TestStack('managed');

  before(async () => {
    await Promise.all([
      managed.start(),
      stack.init({ replicas: '2', storefrontReplicas: '1', catalogueSize: '50' }),
    ]);
    await managed.createDatabase('moved');
    await managed.createDatabase('fresh');
    await stack.upOk();
  });
  after(async () => {
    await stack.dispose();
    await managed.remove();
  });

  const file = (name: string, text: string) => writeFileSync(join(stack.folder, name), text);
  const setUrl = async (url: string, key = 'databaseUrl') => {
    file('database-url', url);
    const set = `pulumi config set ${key} --secret --stack ${stack.name} <database-url`;
    expect((await stack.run('sh', '-c', set)).code).to.equal(0);
  };

  it('is refused in plain text, before anything is touched, and the password is not repeated', async () => {
    await stack.configure({ databaseUrl: managed.url('moved') });
    const { code, output } = await stack.up();
    await stack.pulumiOk('config', 'rm', 'databaseUrl');
    expect(code).not.to.equal(0);
    expect(output)
      .to.contain('databaseUrl must be a secret')
      .and.to.contain('pulumi config set databaseUrl --secret');
    expect(output).not.to.match(/p@ss|p%40ss/);
  });

  it('takes over the data of ours, as the page says', async () => {
    await create(stack.url, 'BEFORE');
    file('managed.conf', managed.service('moved'));
    file('database-ca.pem', managed.ca);
    file('database-url', managed.url('moved'));
    const [, block] = /```sh move\n([^]+?)```/.exec(
      readFileSync(join(repository, 'docs/managed-postgres.md'), 'utf8'),
    )!;
    const { code, output } = await stack.run(
      'bash',
      '-euo',
      'pipefail',
      '-c',
      `STACK=${stack.name}\n${block}`,
    );
    expect(code, output).to.equal(0);
    expect(await exists(stack.url, 'BEFORE')).to.equal(true);
    await create(stack.url, 'AFTER');
    expect(
      await managed.sql("SELECT name FROM product WHERE name LIKE 'Test %' ORDER BY id", 'moved'),
    ).to.equal('Test BEFORE\nTest AFTER');
    expect(await managed.sql('SELECT count(*) FROM product', 'moved')).to.equal('52');
  });

  it('leaves nothing of ours but its volume, and nothing to do', async () => {
    expect(await stack.containers(undefined, 'database')).to.deep.equal([]);
    expect(
      await docker('volume', 'ls', '--quiet', '--filter', `name=${stack.name}-database-data`),
    ).not.to.equal('');
    await stack.pulumiOk('preview', '--expect-no-changes');
  });

  it('is asked by TLS alone', async () => {
    const ssl =
      "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'shop'";
    expect(await managed.sql(ssl)).to.equal('t');
  });

  it('is the one thing that has a way out, and the audit says so', async () => {
    const { code, output } = await script('audit');
    expect(code, output).to.equal(0);
    const out = output.match(/\S+ → (host|outside)/g)!;
    expect(out).to.deep.equal(['edge → host', 'product-api → host', 'product-api → outside']);
  });

  it('keeps its password out of inspect and the state', async () => {
    const containers = await stack.containers();
    const inspected = await docker('inspect', ...containers.map(({ id }) => id));
    const state = readFileSync(
      join(stack.folder, `.state/.pulumi/stacks/product-stack/${stack.name}.json`),
      'utf8',
    );
    for (const text of [inspected, state]) {
      expect(text).to.contain('product-api');
      expect(text).not.to.match(/w:rd-of-managed|w%3Ard-of-managed/);
    }
  });

  it('has what its provider does refused here', async () => {
    for (const name of ['backup', 'backups', 'restore', 'upgrade-database']) {
      const { code, output } = await script(
        name,
        ...(name === 'restore' ? ['latest'] : name === 'upgrade-database' ? ['postgres:18-trixie'] : []),
      );
      expect(code, name).to.equal(1);
      expect(output, name).to.contain(`${stack.name} has a managed Postgres (databaseUrl)`);
    }
    const rotation = await stack.run('scripts/rotate-db-password', stack.name);
    expect(rotation.output).to.contain('has a managed Postgres');
    const { code, output } = await script('compose');
    expect([code, output]).to.deep.equal([
      1,
      `${stack.name}: a managed database is not exported: databaseUrl is a secret, and only Pulumi can read it. ` +
        'Run: pulumi up, or render a stack without databaseUrl\n',
    ]);
  });

  const mistakes: [what: string, make: () => Promise<void>, said: RegExp][] = [
    [
      'the certificate of another',
      () => {
        file('other-ca.pem', newPair('db.example.com').certificate);
        return stack.configure({ databaseCa: './other-ca.pem' });
      },
      /no connection to [\d.:]+ as shop: .*certificate/,
    ],
    [
      'a wrong password',
      () => setUrl(managed.url('moved').replace('-of-', '-not-of-')),
      /no connection to [\d.:]+ as shop: password authentication failed/,
    ],
  ];
  for (const [what, make, said] of mistakes) {
    it(`with ${what}: up ends at the migration, and the product serves on`, async () => {
      await make();
      const { code, output } = await stack.up();
      await stack.configure({ databaseCa: './database-ca.pem' });
      await setUrl(managed.url('moved'));
      expect(code).not.to.equal(0);
      expect(output).to.match(said);
      await create(stack.url, what.replaceAll(' ', '-').toUpperCase());
    });
  }

  it('may be empty, and have a role that owns nothing for the application', async () => {
    await setUrl(managed.url('fresh', 'visitor'));
    await setUrl(managed.url('fresh'), 'databaseOwnerUrl');
    await stack.upOk();
    await create(stack.url, 'VISITOR');
    const may = ['INSERT', 'TRUNCATE'].map((what) => `has_table_privilege('visitor', 'product', '${what}')`);
    expect(await managed.sql(`SELECT ${may.join()}`, 'fresh')).to.equal('t|f');
    expect(await exists(stack.url, 'AFTER')).to.equal(false);
    expect(await managed.sql('SELECT count(*) FROM product', 'fresh')).to.equal('51');
  });

  it('can be gone back from', async () => {
    for (const key of ['databaseUrl', 'databaseOwnerUrl', 'databaseCa'])
      await stack.pulumiOk('config', 'rm', key);
    await stack.upOk();
    expect(await exists(stack.url, 'BEFORE')).to.equal(true);
    await create(stack.url, 'BACK');
  });

  function script(name: string, ...args: string[]): Promise<Ended> {
    return stack.run('node', '--import', 'tsx', `scripts/${name}.ts`, '--stack', stack.name, ...args);
  }
});
