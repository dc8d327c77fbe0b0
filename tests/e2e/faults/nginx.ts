import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { underLoad } from '../support/fault.ts';
import { docker, eventually } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';
import { fileOf, lostNothing, one } from './expect.ts';

/** Changes of the load balancers' configuration. */
export function nginx(stack: TestStack): void {
  const file = () => fileOf(stack, 'nginx/common/http.conf');

  it('takes a new configuration without dropping a connection', async () => {
    const containers = async () => [await one(stack, 'edge'), await one(stack, 'gateway')];
    const before = await containers();
    appendFileSync(file(), `# changed at ${Date.now()}\n`);
    const row = await underLoad(stack, 'nginx configuration of edge and gateway', async () => {
      await stack.upOk();
      for (const id of before)
        await eventually(10, 'a reload', async () => (await docker('logs', id)).includes('reloading'));
    });
    lostNothing(row);
    expect(await containers(), 'the same containers').to.deep.equal(before);
  });

  it('never sees a configuration that it would reject', async () => {
    const good = readFileSync(file(), 'utf8');
    appendFileSync(file(), 'no_such_directive on;\n');
    const row = await underLoad(stack, 'wrong nginx configuration', async () => {
      const { code, output } = await stack.up();
      expect(code).not.to.equal(0);
      expect(output).to.contain(
        'unknown directive "no_such_directive" in /etc/product-stack/common/http.conf',
      );
    });
    writeFileSync(file(), good);
    lostNothing(row);
  });
}
