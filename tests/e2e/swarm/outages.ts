import { expect } from 'chai';
import { lostNothing } from '../faults/expect.ts';
import { fullStrength, underLoad } from '../support/fault.ts';
import { create, exists } from '../support/products.ts';
import { eventually } from '../support/run.ts';
import type { SwarmBed, SwarmNode } from '../support/swarm-bed.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

/** Nodes that go, and come back. */
export function outages(bed: SwarmBed, target: () => SwarmTestStack): void {
  const isDown = (name: string) => async () =>
    (await bed.docker('node', 'ls', '--filter', `name=${name}`, '--format', '{{.Status}}')) === 'Down';
  const isEmpty = (name: string) => async () => (await target().tasks()).every(({ node }) => node !== name);

  it('that is planned, a node that is drained, loses nothing', async () => {
    const n3 = bed.nodes[2]!;
    const row = await underLoad(target(), 'swarm: a node is drained', async () => {
      await bed.drain(n3);
      await eventually(60, 'nothing is wanted there', isEmpty(n3.name));
    });
    await bed.activate(n3);
    lostNothing(row);
  });

  const spreadAgain = async () => {
    await Promise.all(['product-api', 'storefront', 'gateway'].map((service) => target().spread(service)));
    await fullStrength(target());
  };

  it('is forgotten when its services are spread again, as docs/swarm.md says: the node is used again', async () => {
    await spreadAgain();
    // Not always one on each: while they are replaced one by one, a node may have an old one and a new one.
    expect(await target().nodesOf('product-api')).to.include('n3');
    const { code, output } = await target().stack.pulumi('preview', '--refresh', '--expect-no-changes');
    expect(code, output).to.equal(0);
  });

  let attempts = 0;
  it('of a node loses fewer than one read in a thousand, and is at full strength within 30 s', async function () {
    // Mostly 14 to 24 s; 49 in some runs, which nobody has explained yet. Such a one is measured once more, with tasks on every node.
    this.retries(1);
    if (attempts++ > 0) await spreadAgain();
    // Not the one that leads: on a busy machine that may be any.
    const [n1, , n3] = bed.nodes as [SwarmNode, SwarmNode, SwarmNode];
    const [victim, other] = (await bed.leader()) === n3 ? [n1, n3] : [n3, n1];
    target().enterAt(other);
    const row = await underLoad(target(), 'swarm: a node is killed', async () => {
      await bed.kill(victim);
      await eventually(30, 'the Swarm has noticed', isDown(victim.name));
      await eventually(30, 'nothing is wanted there', isEmpty(victim.name));
    });
    await bed.start(victim);
    // None was lost on a quiet machine. Two of three product-apis may be on the node, and all nodes share the cores of this machine.
    expect(row.lostReads * 1000, JSON.stringify(row.endings)).to.be.lessThan(row.requests);
    expect(row.wrong).to.equal(0);
    expect(row.seconds).to.be.lessThan(30);
  });

  it('of the node with the data: it is intact when the node is back', async () => {
    const n2 = bed.nodes[1]!;
    await create(target().url, 'POWERCUT');
    await bed.kill(n2);
    await bed.start(n2);
    await eventually(60, 'the product is there', () => exists(target().url, 'POWERCUT'));
    expect(await target().nodesOf('database')).to.deep.equal(['n2']);
  });
}
