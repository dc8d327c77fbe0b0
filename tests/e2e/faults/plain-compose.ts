import { expect } from 'chai';
import { PlainCompose } from '../../../bench/plain-compose.ts';
import { underLoad } from '../support/fault.ts';
import type { TestStack } from '../support/test-stack.ts';
import { one } from './expect.ts';

/** The same images by plain compose behind nginx as people usually write it: what it loses, for comparison. */
export function plainCompose(stack: TestStack): void {
  const plain = new PlainCompose(`e2e-plain-${process.pid}`);
  before(async () => {
    await plain.takeImages(stack);
    await plain.up();
  });
  after(() => plain.down());

  it('loses requests in a release', async () => {
    const row = await underLoad(plain, 'plain compose: release of product-api', () => plain.release());
    expect(row.lostReads).to.be.greaterThan(0);
    expect(await one(stack, 'edge'), 'ours was not touched').to.be.a('string');
  });
}
