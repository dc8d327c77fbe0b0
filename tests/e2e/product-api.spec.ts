import { expect } from 'chai';
import { createApi } from '../../apps/product-api/app.ts';
import type { Database } from '../../apps/product-api/database.ts';
import { PostgresRepository } from '../../apps/product-api/postgres-repository.ts';
import type { ProductPage } from '../../apps/product-api/schema.ts';
import { DatabaseContainer } from './support/database-container.ts';
import { docker, eventually } from './support/run.ts';

const container = new DatabaseContainer('product-api');
let database: Database;
let api: Awaited<ReturnType<typeof createApi>>;

const product = (sku: string) => ({
  sku,
  name: 'Café ☕ 100%_\\',
  description: '',
  price: { amount: 1_000_000_000_000, currency: 'EUR' },
  stock: 3,
});
const post = (payload: object, key?: string) =>
  api.inject({
    method: 'POST',
    url: '/api/products',
    payload,
    headers: key ? { 'idempotency-key': key } : {},
  });
const get = (url: string) => api.inject({ method: 'GET', url: `/api/products${url}` });

/** Asks and measures, milliseconds. */
async function timed<T extends { statusCode: number }>(ask: Promise<T>) {
  const begun = performance.now();
  const { statusCode } = await ask;
  return { statusCode, ms: performance.now() - begun };
}

async function count(where: string): Promise<number> {
  const [row] = await database.query({ text: `SELECT count(*)::integer AS n FROM product WHERE ${where}` });
  return row!['n'] as number;
}

describe('product-api on Postgres', () => {
  before(async () => {
    await container.start();
    await container.migrate(5000);
    database = container.connect('app');
    api = await createApi({ repository: new PostgresRepository(database), release: 'e2e' });
  });
  after(async () => {
    await api?.close();
    await container.remove();
  });

  it('stores what it is told, and finds it by a part of its name that has wildcards', async () => {
    const created = (await post(product('text-1'))).json();
    expect((await get(`/${created.id}`)).json()).to.deep.equal(created);
    expect(created).to.include({ name: product('').name, updatedAt: created.createdAt });
    expect(new Date(created.createdAt).toISOString()).to.equal(created.createdAt);
    const found = (await get(`?search=${encodeURIComponent('☕ 100%_\\')}`)).json();
    expect(found).to.deep.equal({ items: [created], nextCursor: null });
  });

  it('walks all pages without a gap or a repetition', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: ProductPage = (await get(`?limit=100&search=lamp${cursor && `&cursor=${cursor}`}`)).json();
      seen.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor;
    }
    expect(seen).to.have.length(await count(`name ILIKE '%lamp%'`));
    expect(seen).to.deep.equal([...new Set(seen)].sort().reverse());
  });

  it('shows what was just written, however many ask for the same page meanwhile', async () => {
    let over = false;
    const others = Array.from({ length: 40 }, async () => {
      while (!over) expect((await get('?limit=5')).statusCode).to.equal(200);
    });
    const missed: string[] = [];
    for (let n = 0; n < 50; n++) {
      const { id } = (await post(product(`seen-${n}`))).json();
      const page: ProductPage = (await get('?limit=5')).json();
      if (page.items[0]?.id !== id) missed.push(id);
    }
    over = true;
    await Promise.all(others);
    expect(missed).to.deep.equal([]);
  });

  it('creates one product for 20 concurrent requests with one key, and answers all the same', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(product('once-1'), 'key-once-1')),
    );
    expect(answers.map(({ statusCode }) => statusCode)).to.deep.equal(Array(20).fill(201));
    expect(new Set(answers.map(({ body }) => body))).to.have.length(1);
    expect(await count(`sku = 'once-1'`)).to.equal(1);
    expect((await post(product('once-2'), 'key-once-1')).statusCode).to.equal(422);
  });

  it('forgets a key after a day', async () => {
    await database.query({ text: `UPDATE idempotency_key SET created_at = now() - interval '25 hours'` });
    expect((await post(product('once-3'), 'key-once-1')).statusCode).to.equal(201);
  });

  it('lets one of 20 concurrent updates of the same version through', async () => {
    const { id } = (await post(product('race-1'))).json();
    const update = () =>
      api.inject({
        method: 'PUT',
        url: `/api/products/${id}`,
        headers: { 'if-match': '"1"' },
        payload: product('race-1'),
      });
    const codes = (await Promise.all(Array.from({ length: 20 }, update))).map(({ statusCode }) => statusCode);
    expect(codes.sort()).to.deep.equal([200, ...Array(19).fill(412)]);
  });

  it('refuses a sku that is taken, on create and on update', async () => {
    expect((await post(product('race-1'))).statusCode).to.equal(409);
    expect((await post(product('race-1'), 'key-taken-1')).statusCode).to.equal(409);
  });

  it('waits for a database that is slow, a write longer than a read', async () => {
    const hold = container.hold('product', 3.4);
    const lock = `SELECT FROM pg_locks WHERE relation = 'product'::regclass AND mode = 'AccessExclusiveLock' AND granted`;
    await eventually(10, 'the lock', async () => (await database.query({ text: lock })).length > 0);
    const [read, write] = await Promise.all([timed(get('?limit=1')), timed(post(product('slow-1')))]);
    await hold;
    expect([read.statusCode, write.statusCode]).to.deep.equal([503, 201]);
    expect(read.ms).to.be.within(2600, 3100);
  });

  it('waits for connections that are slow to open, while Postgres answers others', async () => {
    const fresh = container.connect('app');
    const ask = () => fresh.query({ text: 'SELECT pg_sleep(0.2)' });
    await ask();
    await container.delayConnections(1);
    const answers = await Promise.allSettled(Array.from({ length: 20 }, ask));
    await container.delayConnections(0);
    await fresh.close();
    expect(answers.filter(({ status }) => status === 'rejected')).to.deep.equal([]);
  });

  for (const [fault, mend] of [
    ['pause', 'unpause'],
    ['kill', 'start'],
  ] as const) {
    it(`answers 503 as soon as Postgres is silent after docker ${fault}, and recovers by itself`, async () => {
      await Promise.all(Array.from({ length: 20 }, () => get('?limit=1')));
      await docker(fault, container.name);
      const asked = Array.from({ length: 60 }, (_, n) =>
        timed(n % 3 ? get('?limit=1') : post(product(`away-${fault}-${n}`), `key-away-${fault}-${n}`)),
      );
      const answers = await Promise.all(asked);
      // After 0.9 s of silence, where a slow Postgres would have 2.7 s and 4 s. On a busy machine this process is late itself.
      expect(answers.filter(({ statusCode, ms }) => statusCode !== 503 || ms > 2000)).to.deep.equal([]);
      await docker(mend, container.name);
      await eventually(20, 'an answer', async () => (await get('?limit=1')).statusCode === 200);
      const again = await Promise.all(Array.from({ length: 30 }, () => timed(get('?limit=1'))));
      expect(again.map(({ statusCode }) => statusCode)).to.deep.equal(Array(30).fill(200));
    });
  }
});
