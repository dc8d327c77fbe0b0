import { expect } from 'chai';
import type { Row, Statement } from '../product-api/database.ts';
import { sharedReads, type Sharing } from '../product-api/shared-reads.ts';

/** A database whose connections are handed out, and whose answers come, when the test says so. */
class Desk {
  readonly asked: { statement: Statement; begin: () => void; answer: (rows: Row[] | Error) => void }[] = [];
  readonly ask;

  constructor(sharing: Partial<Sharing> = {}) {
    this.ask = sharedReads(
      async (statement, turns, begin) => {
        await turns.take();
        return this.queue(statement, begin).finally(() => turns.giveBack());
      },
      { apart: 0, each: 0, patience: 60_000, joining: 60_000, ...sharing },
    );
  }

  /** Waits until so many reads have a connection. */
  async has(count: number): Promise<void> {
    while (this.asked.length < count) await sleep(1);
    expect(this.asked).to.have.length(count);
  }

  private queue(statement: Statement, begin: () => void): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const answer = (rows: Row[] | Error) => (rows instanceof Error ? reject(rows) : resolve(rows));
      this.asked.push({ statement, begin, answer });
    });
  }
}

const page = (cursor: string): Statement => ({ name: 'list', text: 'SELECT', values: [cursor] });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('shared reads', () => {
  it('are one read for all who ask before it begins, and one array', async () => {
    const desk = new Desk();
    const all = Promise.all([desk.ask(page('a')), desk.ask(page('a')), desk.ask(page('a'))]);
    await desk.has(1);
    desk.asked[0]!.begin();
    desk.asked[0]!.answer([{ id: 1 }]);
    const [first, ...others] = await all;
    expect(first).to.deep.equal([{ id: 1 }]);
    for (const other of others) expect(other).to.equal(first);
  });

  it('are not joined once they are on their way; who comes meanwhile shares the next', async () => {
    const desk = new Desk();
    const early = desk.ask(page('a'));
    await desk.has(1);
    desk.asked[0]!.begin();
    const late = Promise.all([desk.ask(page('a')), desk.ask(page('a'))]);
    await sleep(20);
    await desk.has(1);
    desk.asked[0]!.answer([{ stock: 1 }]);
    await desk.has(2);
    desk.asked[1]!.answer([{ stock: 2 }]);
    expect([await early, await late]).to.deep.equal([[{ stock: 1 }], [[{ stock: 2 }], [{ stock: 2 }]]]);
  });

  it('are not held up by one that hangs', async () => {
    const desk = new Desk({ patience: 20 });
    const hangs = desk.ask(page('a'));
    await desk.has(1);
    desk.asked[0]!.begin();
    const next = desk.ask(page('a'));
    await desk.has(2);
    desk.asked[1]!.answer([{ stock: 2 }]);
    expect(await next).to.deep.equal([{ stock: 2 }]);
    desk.asked[0]!.answer([]);
    await hangs;
  });

  for (const [sharers, least, most] of [
    [1, 0, 290],
    [2, 300, 590],
    [3, 600, 890],
    [9, 600, 2300],
  ] as const) {
    it(`make the next wait ${least} ms where ${sharers} share`, async () => {
      const desk = new Desk({ apart: 600, each: 300 });
      const shared = Promise.all(Array.from({ length: sharers }, () => desk.ask(page('a'))));
      await desk.has(1);
      desk.asked[0]!.begin();
      const begun = performance.now();
      desk.asked[0]!.answer([]);
      await shared;
      void desk.ask(page('a'));
      await desk.has(2);
      expect(performance.now() - begun).to.be.within(least - 2, most);
    });
  }

  for (const [what, other] of [
    ['other values', page('b')],
    ['another statement', { ...page('a'), name: 'read' }],
  ] as const) {
    it(`are not shared with ${what}`, async () => {
      const desk = new Desk();
      void desk.ask(page('a'));
      void desk.ask(other);
      await desk.has(2);
      expect(desk.asked.map(({ statement }) => statement)).to.deep.equal([page('a'), other]);
    });
  }

  it('are not joined by who comes much later, who would lose too much of his own deadline', async () => {
    const desk = new Desk({ patience: 1, joining: 20 });
    void desk.ask(page('a'));
    await sleep(30);
    void desk.ask(page('a'));
    await desk.has(2);
  });

  it('fail together, and the next one is a new one', async () => {
    const desk = new Desk();
    const both = Promise.allSettled([desk.ask(page('a')), desk.ask(page('a'))]);
    await desk.has(1);
    desk.asked[0]!.answer(new Error('away'));
    expect((await both).map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    void desk.ask(page('a'));
    await desk.has(2);
  });
});
