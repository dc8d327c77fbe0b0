import { expect } from 'chai';
import { labelKeys } from '../../../stacks/labels.ts';
import { DatabaseContainer } from '../support/database-container.ts';
import { docker, run } from '../support/run.ts';
import type { SwarmBed } from '../support/swarm-bed.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

/** What a person asks a stack every day. */
export function operations(bed: SwarmBed, target: () => SwarmTestStack): void {
  const ask = (command: string, ...args: string[]) =>
    target().stack.run('npm', 'run', '-s', command, '--', '--stack', target().stack.name, ...args);

  it('npm run status says that all is well, and on which node the data is', async () => {
    const { code, output } = await ask('status');
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/edge +2\/2 +healthy/)
      .and.to.match(/product-api +3\/3 +healthy/);
    expect(output).to.contain('job migrate: complete').and.to.contain('-database-data: on n2');
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

  it('takes the data of a database on one machine, as docs/swarm.md says', async () => {
    const old = new DatabaseContainer('swarm-old');
    const content = "SELECT count(*), md5(string_agg(product::text, '|' ORDER BY id)) FROM product";
    try {
      await old.start();
      await old.migrate(300);
      const { engine } = bed.nodes[1]!;
      const fresh = await engine.docker('ps', '--quiet', '--filter', `label=${labelKeys.service}=database`);
      const dump = `docker exec ${old.name} pg_dump -U postgres -Fc product`;
      const restore = `docker -H ${engine.host} exec -i ${fresh} pg_restore -U postgres -d product --clean --if-exists`;
      const { code, output } = await run('bash', ['-o', 'pipefail', '-c', `${dump} | ${restore}`]);
      expect(code, output).to.equal(0);
      const was = await docker('exec', old.name, 'psql', '-U', 'postgres', '-d', 'product', '-Atc', content);
      expect(was).to.match(/^300\|/);
      expect(await target().sql(content)).to.equal(was);
    } finally {
      await old.remove();
    }
    const answer = await fetch(`${target().url}/api/products?limit=1`);
    expect(((await answer.json()) as { items: unknown[] }).items).to.have.length(1);
  });

  it('npm run backup makes a backup on the node with the data', async () => {
    const node = ['--node', bed.nodes[1]!.engine.host];
    const made = await ask('backup', ...node);
    expect(made.code, made.output).to.equal(0);
    const { output } = await ask('backups', ...node, '--json');
    expect(JSON.parse(output)).to.have.length(1);
  });
}
