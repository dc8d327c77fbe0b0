import { expect } from 'chai';
import { sleep } from '../support/fault.ts';
import { create } from '../support/products.ts';
import { docker, eventually, settled } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

const seconds = 3;

interface Seen {
  readonly status: number;
  /** What edge says of the cache: RFC 9211. */
  readonly cache: string | null;
  /** When product-api gave the answer, milliseconds since 1970; the header has whole seconds. */
  readonly given: number;
  readonly requestId: string | null;
  readonly text: string;
}

/** What `edgeCacheSeconds` promises: an answer for everybody, and never an older one. */
export function edgeCache(stack: TestStack): void {
  const ask = async (query: string, headers: Record<string, string> = {}): Promise<Seen> => {
    const response = await fetch(`${stack.url}/api/products?${query}`, { headers });
    const header = (name: string) => response.headers.get(name);
    const given = Date.parse(header('date')!);
    const [cache, requestId] = [header('cache-status'), header('x-request-id')];
    return { status: response.status, cache, given, requestId, text: await response.text() };
  };

  before(async () => {
    expect((await ask('limit=1')).cache, 'before it is set').to.equal(null);
    await stack.configure({ edgeCacheSeconds: String(seconds) });
    await stack.upOk();
    await settled(20, 'edge caches', async () => (await ask('limit=1')).cache !== null);
  });
  after(async () => {
    await stack.configure({ edgeCacheSeconds: '0' });
  });

  it('one answer for all, at most as old as it says, and each with its own request id', async () => {
    const first = await ask('limit=2');
    expect(first.status).to.equal(200);
    await create(stack.url, 'CACHE-1');
    const created = Date.now();
    const seen: Seen[] = [];
    await eventually(seconds + 2, 'the new product is seen', async () => {
      seen.push(await ask('limit=2'));
      // The header's second may have been almost over.
      expect(Date.now() - seen.at(-1)!.given, 'age').to.be.below(seconds * 1000 + 1000);
      return seen.at(-1)!.text.includes('CACHE-1');
    });
    expect(Date.now() - created, 'seen after').to.be.below(seconds * 1000 + 500);
    expect(seen.filter(({ cache }) => cache === 'edge; hit')).not.to.deep.equal([]);
    expect(new Set(seen.map(({ requestId }) => requestId)).size).to.equal(seen.length);
  });

  for (const [name, value] of [
    ['cookie', 'a=b'],
    ['authorization', 'Bearer x'],
    ['cache-control', 'no-cache'],
  ] as const) {
    it(`nothing from it for a request with ${name}`, async () => {
      const query = `limit=3&search=${name}`;
      const own = [await ask(query, { [name]: value }), await ask(query, { [name]: value })];
      expect(own.map(({ cache }) => cache)).to.deep.equal(['edge; fwd=bypass', 'edge; fwd=bypass']);
    });
  }

  it('nothing but good answers is kept', async () => {
    const all = [await ask('limit=0'), await ask('limit=0')];
    expect(all.map(({ status, cache }) => [status, cache])).to.deep.equal(
      Array(2).fill([400, 'edge; fwd=miss']),
    );
  });

  it('fifty who ask for the same at once are one request to product-api', async () => {
    const query = `limit=7&search=nothing-${process.pid}`;
    const since = new Date().toISOString();
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(query)));
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(50).fill(200));
    await sleep(500); // product-api writes its log every 0.2 s
    const logs = await Promise.all(
      (await stack.replicas('product-api')).map((id) => docker('logs', '--since', since, id)),
    );
    expect(logs.join('\n').split(`search=nothing-${process.pid}`).length - 1).to.equal(1);
  });

  it('a thousand different questions do not fill the memory', async () => {
    const [edge] = await stack.replicas('edge');
    for (let n = 0; n < 1000; n += 50) {
      const some = Array.from({ length: 50 }, (_, i) => ask(`limit=100&search=a-${n + i}`));
      expect((await Promise.all(some)).map(({ status }) => status)).to.deep.equal(Array(50).fill(200));
    }
    const kept = await docker('exec', edge!, 'find', '/tmp/answers', '-type', 'f');
    expect(kept.split('\n').length, 'answers that are kept').to.be.within(1, 600);
  });

  it('an old answer is no answer, also when no product-api is there', async () => {
    const replicas = await stack.replicas('product-api');
    expect((await ask('limit=5')).status).to.equal(200);
    await docker('stop', ...replicas);
    try {
      await sleep(seconds * 1000);
      expect((await ask('limit=5')).status).to.equal(503);
    } finally {
      await docker('start', ...replicas);
    }
    await eventually(30, 'it is back', async () => (await ask('limit=5')).status === 200);
  });
}
