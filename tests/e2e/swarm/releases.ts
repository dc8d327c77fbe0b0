import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { fileOf, lostNothing } from '../faults/expect.ts';
import { newPair } from '../../support/certificates.ts';
import { underLoad } from '../support/fault.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

/** New versions of the apps, while users are at work. */
export function releases(target: () => SwarmTestStack): void {
  const source = (app: string) => fileOf(target().stack, `apps/${app}/server.ts`);

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

  it('with other links that never becomes well leaves the one before alone, also when secrets changed', async () => {
    const files = ['apps/product-api/server.ts', 'stacks/product.ts'].map((path) =>
      fileOf(target().stack, path),
    );
    const [server, links] = files.map((file) => readFileSync(file, 'utf8')) as [string, string];
    const link = "{ from: 'gateway', to: 'product-api' },";
    const more = links.replace(link, `${link}\n    { from: 'storefront', to: 'product-api' },`);
    expect(more).not.to.equal(links);
    const write = (...texts: string[]) => files.forEach((file, index) => writeFileSync(file, texts[index]!));
    for (const [name, text] of Object.entries(newPair('shop.example.com')))
      writeFileSync(fileOf(target().stack, `${name}.pem`), text);
    const before = await target().tasks();
    const row = await underLoad(target(), 'swarm: bad release with other links', async () => {
      write("console.log('no such teapot'); process.exit(3);", more);
      await target().stack.configure({ tlsCertificate: './certificate.pem', tlsKey: './key.pem' });
      const { code, output } = await target().stack.up();
      expect(code, output).not.to.equal(0);
      expect(output).to.contain('0 of 3 tasks are well').and.to.contain('no such teapot');
      expect(await target().tasks()).to.include.deep.members(before);
      write(server, links);
      for (const name of ['tlsCertificate', 'tlsKey']) await target().stack.pulumiOk('config', 'rm', name);
      await target().stack.upOk();
    });
    lostNothing(row);
    expect(row.fewest['product-api']).to.equal(3);
    expect(await target().tasks()).to.have.deep.members(before);
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

  it('that is good, of product-api and storefront, loses nothing, and leaves nothing of the bad one', async () => {
    appendFileSync(source('storefront'), '\n// changed\n');
    appendFileSync(source('product-api'), '\n// changed\n');
    const row = await underLoad(target(), 'swarm: release of both', () => target().stack.upOk());
    lostNothing(row);
    expect(row.fewest).to.deep.equal({ 'product-api': 3, storefront: 2 });
    const { code, output } = await target().stack.pulumi('preview', '--expect-no-changes');
    expect(code, output).to.equal(0);
  });
}
