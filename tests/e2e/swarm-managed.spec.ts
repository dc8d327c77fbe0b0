import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { nodeLabels } from '../../stacks/labels.ts';
import { keys } from '../../stacks/setting-keys.ts';
import { ManagedPostgres } from './support/managed-postgres.ts';
import { create, exists } from './support/products.ts';
import { SwarmBed } from './support/swarm-bed.ts';
import { SwarmTestStack } from './swarm/swarm-test-stack.ts';

/** docs/managed-postgres.md on a Swarm: the first step beyond a database that is on one node. */
describe('a managed Postgres of a stack on a Swarm', () => {
  const managed = new ManagedPostgres('swarm-managed');
  const bed = new SwarmBed('managed', 1);
  let target: SwarmTestStack;

  before(async () => {
    const images = [keys.nodeImage.default, keys.nginxImage.default];
    await Promise.all([managed.start().then(() => managed.createDatabase('shop')), bed.create(images)]);
    await labelEdge();
    target = new SwarmTestStack(bed, bed.nodes[0]!);
    writeFileSync(join(target.stack.folder, 'database-ca.pem'), managed.ca);
    const small = { replicas: '2', storefrontReplicas: '1', catalogueSize: '50' };
    await target.init({ databaseCa: './database-ca.pem', ...small });
    await setUrl('databaseUrl', managed.url('shop'));
  });
  after(async () => {
    await target?.stack.dispose();
    await bed.dispose();
    await managed.remove();
  });

  const labelEdge = () => bed.label(bed.nodes[0]!, `${nodeLabels.edge}=true`);
  const setUrl = (key: string, url: string) =>
    target.stack.pulumiOk('config', 'set', '--secret', `product-stack:${key}`, url);

  it('is refused where docker_gwbridge leads nowhere, before anything is touched', async () => {
    const { code, output } = await target.stack.up();
    expect(code, output).not.to.equal(0);
    expect(output).to.contain('enable_ip_masquerade=false').and.to.contain('docs/swarm.md');
    expect(await bed.docker('service', 'ls', '--quiet')).to.equal('');
  });

  it('is asked where that is made as docs/swarm.md says, by TLS alone, and no node has the data', async () => {
    await bed.masquerade();
    await labelEdge();
    const { seconds } = await target.stack.upOk();
    console.log(`      up took ${seconds.toFixed(1)} s`);
    await create(target.url, 'MANAGED');
    expect(await managed.sql('SELECT count(*) FROM product', 'shop')).to.equal('51');
    const ssl =
      "SELECT DISTINCT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'shop'";
    expect(await managed.sql(ssl)).to.equal('t');
    expect((await target.tasks()).map(({ service }) => service)).not.to.include('database');
    await target.stack.pulumiOk('preview', '--refresh', '--expect-no-changes');
  });

  it('keeps its password out of services, configs and the state', async () => {
    const inspect = async (kind: string) =>
      bed.docker(kind, 'inspect', ...(await bed.docker(kind, 'ls', '--quiet')).split('\n'));
    const { folder, name } = target.stack;
    const state = readFileSync(join(folder, `.state/.pulumi/stacks/product-stack/${name}.json`), 'utf8');
    for (const text of [await inspect('service'), await inspect('config'), await inspect('secret'), state]) {
      expect(text).to.contain(name);
      expect(text).not.to.match(/w:rd-of-managed|w%3Ard-of-managed/);
    }
  });

  it('is what has a way out, and edge by the same bridge; nothing else, and the audit says so', async () => {
    const audit = ['--', '--stack', target.stack.name, '--node', bed.manager.engine.host];
    const { code, output } = await target.stack.run('npm', 'run', '-s', 'audit', ...audit);
    expect(code, output).to.equal(0);
    expect(output.match(/\S+ → (host|outside)/g)).to.deep.equal([
      'edge → host',
      'edge → outside',
      'product-api → host',
      'product-api → outside',
    ]);
  });

  it('takes another user as a release, and leaves no secret of the one before', async () => {
    const secrets = () => bed.docker('secret', 'ls', '--format', '{{.Name}}').then((all) => all.split('\n'));
    const before = await secrets();
    await setUrl('databaseUrl', managed.url('shop', 'visitor'));
    await setUrl('databaseOwnerUrl', managed.url('shop'));
    await target.stack.upOk();
    expect(await exists(target.url, 'MANAGED')).to.equal(true);
    const users =
      "SELECT DISTINCT usename FROM pg_stat_activity WHERE datname = 'shop' AND usename <> 'postgres'";
    expect(await managed.sql(users)).to.equal('visitor');
    expect(before.filter((name) => /-app-/.test(name))).to.have.length(1);
    expect((await secrets()).filter((name) => /-(app|owner)-/.test(name))).to.have.length(2);
  });
});
