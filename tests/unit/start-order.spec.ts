import { expect } from 'chai';
import { startOrder, startsBeside } from '../../stacks/start-order.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import type { Service } from '../../stacks/topology.ts';

const some = (...all: [name: string, ...after: string[]][]) => ({
  services: all.map(([name, ...after]) => ({ name, after }) as unknown as Service),
  jobs: [],
});
const names = (order: readonly { name: string }[]) => order.map(({ name }) => name).join(' ');

describe('the order in which things start', () => {
  it('is that of what waits for what', () => {
    const { services, jobs } = productTopology(parseSettings('unit', {}));
    expect(names(startOrder({ services, jobs }))).to.match(/database.* migrate.* product-api/);
    expect(names(startOrder(some(['a', 'b'], ['b', 'c'], ['c'])))).to.equal('c b a');
  });

  it('begins with what most others wait for', () =>
    expect(names(startOrder(some(['a'], ['b'], ['c', 'b'], ['d', 'c'])))).to.equal('b c a d'));

  it('follows a preference where it can, and the list where two prefer each other', () => {
    const asks: Record<string, string[]> = { a: ['b'], b: ['c'], c: [], x: ['y'], y: ['x'] };
    const order = startOrder(some(['a'], ['b'], ['c'], ['x'], ['y']), (name) => asks[name]!);
    expect(names(order)).to.equal('c b a x y');
  });

  it('says which ones wait for each other', () => {
    expect(() => startOrder(some(['a', 'b'], ['b', 'a'], ['c']))).to.throw('these wait for each other: a, b');
  });

  const jobs: [what: string, job: Parameters<typeof startsBeside>[0], unserved: string[], beside: boolean][] =
    [
      ['one that waits itself', { after: ['a', 'b'], patient: true }, ['a', 'b', 'c'], true],
      ['one of which something is there already', { after: ['a', 'b'], patient: true }, ['a'], false],
      ['one that does not wait', { after: ['a'] }, ['a'], false],
    ];
  for (const [what, job, unserved, beside] of jobs)
    it(`${beside ? 'lets' : 'does not let'} a job start beside what it is after: ${what}`, () =>
      expect(startsBeside(job, new Set(unserved))).to.equal(beside));
});
