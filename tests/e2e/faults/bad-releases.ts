import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { underLoad } from '../support/fault.ts';
import { badRelease } from '../support/load.ts';
import type { TestStack } from '../support/test-stack.ts';
import { fileOf, lostNothing } from './expect.ts';

const answer = (status: string) => `
  import http from 'node:http';
  const begun = Date.now();
  http.createServer((_, answer) => { answer.statusCode = ${status}; answer.end('${badRelease}'); }).listen(8080);`;

const kinds: [name: string, source: string, says: string][] = [
  ['never listens', "setInterval(() => console.log('still warming up'), 1000);", 'still warming up'],
  ['answers 500', answer('500'), 'HTTP/1.1 500'],
  ['crashes on start', "console.log('no such teapot'); process.exit(3);", 'no such teapot'],
  ['is healthy once, then answers 500', answer('Date.now() - begun < 1500 ? 200 : 500'), 'HTTP/1.1 500'],
];

/** Releases of product-api that do not work, and one that takes its time. */
export function badReleases(stack: TestStack): void {
  const server = () => fileOf(stack, 'apps/product-api/server.ts');
  const good = () => fileOf(stack, 'apps/product-api/server.ts.good');
  before(async () => {
    cpSync(server(), good());
    await stack.configure({ waitSeconds: '12' });
  });

  for (const [name, source, says] of kinds) {
    it(`that ${name} is refused, and the old one serves on`, async () => {
      writeFileSync(server(), source);
      const before = (await stack.replicas('product-api')).sort();
      const row = await underLoad(stack, `bad release: ${name}`, async () => {
        const { code, output } = await stack.up();
        expect(code, output).not.to.equal(0);
        expect(output).to.contain(says);
      });
      lostNothing(row);
      expect((await stack.replicas('product-api')).sort(), 'the old replicas').to.deep.equal(before);
    });
  }

  it('is healed by the next good one, which may take 20 s to start', async () => {
    await stack.configure({ waitSeconds: '90' });
    const slowly = 'await new Promise((resolve) => setTimeout(resolve, 20_000));\n';
    writeFileSync(server(), slowly + readFileSync(good(), 'utf8'));
    lostNothing(await underLoad(stack, 'the good release after them, 20 s slow', () => stack.upOk()));
  });
}
