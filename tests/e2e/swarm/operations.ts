import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { repository } from '../support/checkout.ts';
import { MetricsStore } from '../support/metrics-store.ts';
import { create, exists } from '../support/products.ts';
import { docker, eventually, run } from '../support/run.ts';
import type { SwarmBed } from '../support/swarm-bed.ts';
import { TestStack } from '../support/test-stack.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

/** What a person asks a stack every day. */
export function operations(bed: SwarmBed, target: () => SwarmTestStack): void {
  const ask = (command: string, ...args: string[]) =>
    target().stack.run('npm', 'run', '-s', command, '--', '--stack', target().stack.name, ...args);
  /** Runs a block of docs/swarm.md. */
  const asWritten = async (block: string, variables: Record<string, string>) => {
    const page = readFileSync(join(repository, 'docs/swarm.md'), 'utf8');
    const [, text = ''] = new RegExp(`\`\`\`sh ${block}\\n([^]+?)\`\`\``).exec(page)!;
    const env = { ...process.env, NODE: bed.nodes[1]!.engine.host, ...variables };
    const { code, output } = await run('bash', ['-euo', 'pipefail', '-c', text], { env });
    expect(code, output).to.equal(0);
  };
  const store = () => new MetricsStore(8428, bed.nodes[1]!.address);

  it('npm run status says that all is well, where it is, and on which node the data is', async () => {
    const { code, output } = await ask('status');
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/edge +2\/2 +healthy/)
      .and.to.match(/product-api +3\/3 +healthy/);
    expect(output).to.contain('job migrate: complete').and.to.contain('-database-data: on n2');
    expect(output).to.contain(target().url).and.to.contain(store().url).and.not.to.contain('cannot be seen');
  });

  it('npm run logs shows every task of every node, and finds one request on all its hops', async () => {
    const answer = await fetch(target().url);
    const id = answer.headers.get('x-request-id')!;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    const { code, output } = await ask('logs', '--no-follow', '--request', id);
    expect(code, output).to.equal(0);
    for (const source of [/edge@n1/, /storefront\.\d@n\d/, /gateway\.\d@n\d/, /product-api\.\d@n\d/])
      expect(output).to.match(source);
  });

  it('has metrics of every task of every service', async () => {
    const services = { alerts: 1, backup: 1, database: 1, edge: 2, gateway: 2, metrics: 1 };
    const all = { ...services, 'product-api': 3, storefront: 2 };
    await eventually(30, `all answer the store: ${JSON.stringify(all)}`, async () => {
      expect(await store().byService('sum by (service) (up)')).to.deep.equal(all);
      return true;
    });
  });

  it('npm run load asks it, and every task serves its part', async () => {
    const { stack, url } = target();
    const options = ['--url', url, '--any-host', '--vus', '20', '--duration', '5s', '--max-p99', '20s'];
    const { code, output } = await stack.run('npm', 'run', '-s', 'load', '--', ...options);
    expect(code, output).to.equal(0);
    for (const [service, replicas] of Object.entries({ 'product-api': 3, storefront: 2 }))
      await eventually(20, `${replicas} of ${service} serve`, async () => {
        const count = `http_request_duration_seconds_count{service="${service}"}`;
        const served = await store().query(`sum by (replica) (increase(${count}[1m]))`);
        return served.filter(({ value }) => value > 20).length === replicas;
      });
  });

  it('takes the data of a stack on one machine, as docs/swarm.md says', async () => {
    const old = new TestStack('swarm-old');
    try {
      await old.init({ replicas: '2', storefrontReplicas: '1', catalogueSize: '300' });
      await old.upOk();
      await create(old.url, 'MOVED');
      await asWritten('move', { OLD: old.name, NEW: target().stack.name });
      const content = "SELECT count(*), md5(string_agg(product::text, '|' ORDER BY id)) FROM product";
      const [database] = await old.replicas('database');
      const was = await docker('exec', database!, 'psql', '-U', 'postgres', '-d', 'product', '-Atc', content);
      expect(was).to.match(/^301\|/);
      expect(await target().sql(content)).to.equal(was);
      expect(await exists(target().url, 'MOVED')).to.equal(true);
      expect(await exists(old.url, 'MOVED'), 'the old one still answers reads').to.equal(true);
    } finally {
      await old.dispose();
    }
    await create(target().url, 'AFTER');
  });

  it('npm run status shows alerts that fire, and npm run backup makes a backup on the node with the data', async () => {
    const dump = ['bash', '-c', 'PGUSER=nobody bash /etc/product-stack/backup/dump.sh asked'];
    const failed = await target()
      .exec('backup', ...dump)
      .then(() => 'it did not fail', String);
    expect(failed).not.to.equal('it did not fail');
    await eventually(60, 'the alert is shown', async () => {
      const { code, output } = await ask('status');
      return code === 1 && output.includes('critical: the last backup failed');
    });
    const node = ['--node', bed.nodes[1]!.engine.host];
    const made = await ask('backup', ...node);
    expect(made.code, made.output).to.equal(0);
    const { output } = await ask('backups', ...node, '--json');
    expect(JSON.parse(output)).to.have.length(1);
  });

  it('goes back to a backup, as docs/swarm.md says', async () => {
    await create(target().url, 'LATER');
    await asWritten('restore', { STACK: target().stack.name });
    await eventually(20, 'what came after the backup is gone', async () => {
      const [later, moved] = await Promise.all(['LATER', 'MOVED'].map((sku) => exists(target().url, sku)));
      return !later && moved;
    });
  });
}
