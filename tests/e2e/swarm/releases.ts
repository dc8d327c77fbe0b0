import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { fileOf, lostNothing } from '../faults/expect.ts';
import { newPair } from '../../support/certificates.ts';
import { underLoad } from '../support/fault.ts';
import type { SwarmBed } from '../support/swarm-bed.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

/** New versions of the apps, while users are at work. */
export function releases(bed: SwarmBed, target: () => SwarmTestStack): void {
  const source = (app: string) => fileOf(target().stack, `apps/${app}/server.ts`);
  const gateway = () => fileOf(target().stack, 'nginx/gateway/nginx.conf');

  it('whose migration fails ends there, says why, and touches no service', async () => {
    const before = await target().tasks();
    const migration = fileOf(target().stack, 'apps/migrate/migrations/0099-wrong.sql');
    writeFileSync(migration, 'SELECT no_such_column FROM product;\n');
    const { code, output } = await target().stack.up();
    rmSync(migration);
    expect(code, output).not.to.equal(0);
    expect(output).to.contain('no_such_column');
    expect(await target().tasks()).to.have.deep.members(before);
  });

  it('with a wrong nginx file ends at its check, says why, and touches no service', async () => {
    const before = await target().tasks();
    const good = readFileSync(gateway(), 'utf8');
    writeFileSync(gateway(), `${good}\nno_such_directive on;\n`);
    const { code, output } = await target().stack.up();
    writeFileSync(gateway(), good);
    expect(code, output).not.to.equal(0);
    expect(output).to.contain('unknown directive "no_such_directive"');
    expect(await target().tasks()).to.have.deep.members(before);
  });

  it('with other links that never becomes well leaves the one before alone, also when secrets changed', async () => {
    const paths = ['apps/product-api/server.ts', 'stacks/product.ts', `Pulumi.${target().stack.name}.yaml`];
    const files = paths.map((path) => fileOf(target().stack, path));
    const good = files.map((file) => readFileSync(file, 'utf8'));
    const link = "{ from: 'gateway', to: 'product-api' },";
    const more = good[1]!.replace(link, `${link}\n    { from: 'storefront', to: 'product-api' },`);
    expect(more).not.to.equal(good[1]);
    for (const [name, text] of Object.entries(newPair('shop.example.com')))
      writeFileSync(fileOf(target().stack, `${name}.pem`), text);
    const pair = { tlsCertificate: './certificate.pem', tlsKey: './key.pem' };
    const before = await target().tasks();
    const row = await underLoad(target(), 'swarm: bad release with other links', async () => {
      writeFileSync(files[0]!, "console.log('no such teapot'); process.exit(3);");
      writeFileSync(files[1]!, more);
      await target().stack.configure({ ...pair, replicas: '1' });
      const { code, output } = await target().stack.up();
      files.forEach((file, index) => writeFileSync(file, good[index]!));
      expect(code, output).not.to.equal(0);
      expect(output).to.contain('0 of 1 tasks are well').and.to.contain('no such teapot');
      expect(await target().tasks()).to.include.deep.members(before);
    });
    lostNothing(row);
    expect(row.fewest['product-api']).to.equal(3);
  });

  it('that crashes on start is turned back, up fails and says why, and the old one serves on', async () => {
    const [server, good] = [source('product-api'), `${source('product-api')}.good`];
    cpSync(server, good);
    writeFileSync(server, "console.log('no such teapot'); process.exit(3);");
    const row = await underLoad(target(), 'swarm: bad release', async () => {
      const { code, output } = await target().stack.up();
      expect(code, output).not.to.equal(0);
      expect(output).to.contain('turned back').and.to.contain('no such teapot');
    });
    cpSync(good, server);
    lostNothing(row);
    expect(row.fewest['product-api']).to.equal(3);
  });

  it('that is good, of product-api, storefront and the files of gateway, loses nothing, restarts no edge, and leaves nothing of the bad ones', async () => {
    appendFileSync(source('storefront'), '\n// changed\n');
    appendFileSync(source('product-api'), '\n// changed\n');
    appendFileSync(gateway(), '\n# changed\n');
    const edge = `product-stack-${target().stack.name}-edge`;
    const edges = () => bed.docker('service', 'ps', '--quiet', edge);
    const before = await edges();
    const row = await underLoad(target(), 'swarm: release of all three', () => target().stack.upOk());
    lostNothing(row);
    expect(await edges(), 'the certificate is the one of before').to.equal(before);
    expect(row.fewest).to.deep.equal({ 'product-api': 3, storefront: 2 });
    const { code, output } = await target().stack.pulumi('preview', '--expect-no-changes');
    expect(code, output).to.equal(0);
  });
}
