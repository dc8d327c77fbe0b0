import { expect } from 'chai';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createApi } from '../product-api/app.ts';
import { MemoryRepository } from './memory-repository.ts';

const json = { 'content-type': 'application/json' };
const long = 'x'.repeat(30_000);
const mug = (changes: object = {}) => ({
  sku: 'MUG-1',
  name: 'Mug',
  description: 'Holds tea.',
  price: { amount: 1250, currency: 'EUR' },
  stock: 3,
  ...changes,
});

describe('product-api: refusals', () => {
  const repository = new MemoryRepository();
  let app: FastifyInstance;
  before(async () => {
    app = await createApi({ repository, release: 'test' });
  });
  after(() => app.close());
  const ask = (method: InjectOptions['method'], path = '', more: InjectOptions = {}) =>
    app.inject({ method, url: `/api/products${path}`, ...more } as InjectOptions);
  const post = (payload: object) => ask('POST', '', { payload });

  const bodies: [title: string, body: unknown, fields: string[]][] = [
    ['nothing', {}, ['/sku', '/name', '/description', '/price', '/stock']],
    ['a list', [], ['/']],
    [
      'text for numbers',
      mug({ stock: '3', price: { amount: '1', currency: 'EUR' } }),
      ['/price/amount', '/stock'],
    ],
    ['an unknown field', mug({ id: 'x', colour: 'red' }), ['/id', '/colour']],
    ['a price of half a cent', mug({ price: { amount: 0.5, currency: 'EUR' } }), ['/price/amount']],
    ['a price below zero', mug({ price: { amount: -1, currency: 'EUR' } }), ['/price/amount']],
    ['a price beyond all', mug({ price: { amount: 1e300, currency: 'EUR' } }), ['/price/amount']],
    ['no such currency code', mug({ price: { amount: 1, currency: 'euro' } }), ['/price/currency']],
    ['a stock beyond all', mug({ stock: Number.MAX_SAFE_INTEGER }), ['/stock']],
    ['an empty name', mug({ name: '' }), ['/name', '/name']],
    ['a name of spaces', mug({ name: '  ' }), ['/name']],
    ['a long name', mug({ name: 'x'.repeat(201) }), ['/name']],
    ['NUL in texts', mug({ name: 'a\0', description: '\0' }), ['/name', '/description']],
    ['half a surrogate pair', mug({ name: 'a\ud800', description: '\udfff' }), ['/name', '/description']],
    ['a sku with a slash', mug({ sku: 'a/b' }), ['/sku']],
    ['a long sku', mug({ sku: 'x'.repeat(65) }), ['/sku']],
  ];
  for (const [title, body, fields] of bodies) {
    it(`POST ${title}: 400 ${fields}`, async () => {
      const answer = await ask('POST', '', { headers: json, payload: JSON.stringify(body) });
      expect(answer.statusCode).to.equal(400);
      expect(answer.headers['content-type']).to.match(/^application\/problem\+json/);
      const { errors, ...rest } = answer.json();
      expect(rest).to.deep.equal({
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'The body is not valid.',
      });
      expect(errors.map(({ field }: { field: string }) => field)).to.have.members(fields);
    });
  }

  const texts = [
    '☕ Café',
    '漢字',
    '👩‍👩‍👧',
    'e\u0301',
    "'; DROP TABLE product; --",
    '\u202e',
    '\uffff',
    '<script>',
  ];
  for (const name of texts) {
    it(`takes ${JSON.stringify(name)} as a name`, async () => {
      const answer = await post(mug({ sku: `T${texts.indexOf(name)}`, name }));
      expect(answer.json().name).to.equal(name);
    });
  }

  it('is not kept busy by long text', async () => {
    const begun = performance.now();
    for (const name of [`${long}\0`, ' '.repeat(30_000), `${long}\ud800`])
      expect((await post(mug({ name, description: name }))).statusCode).to.equal(400);
    expect(performance.now() - begun).to.be.below(500);
  });

  const requests: [
    status: number,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    more?: object,
  ][] = [
    [400, 'POST', '', { headers: json, payload: '{' }],
    [400, 'POST', '', { headers: json, payload: '' }],
    [400, 'POST', '', { headers: json, payload: '{"__proto__": {}}' }],
    [400, 'POST', '', { headers: json, payload: 'null' }],
    [400, 'POST', '', { payload: mug(), headers: { 'idempotency-key': 'short' } }],
    [413, 'POST', '', { payload: mug({ description: 'x'.repeat(64 * 1024) }) }],
    [415, 'POST', '', { headers: { 'content-type': 'text/plain' }, payload: 'mug' }],
    [415, 'POST', '', { headers: { 'content-type': 'application/xml' }, payload: '<mug/>' }],
    [405, 'PATCH', '/01941f29-7c00-7000-8000-000000000000'],
    [405, 'DELETE', ''],
    [405, 'TRACE' as 'GET', ''],
    [405, 'PROPFIND' as 'GET', ''],
    [404, 'GET', 's'],
    [404, 'GET', '/01941f29-7c00-7000-8000-000000000000'],
    [400, 'GET', '/1'],
    [400, 'GET', '/%00'],
    [400, 'GET', '/%ff'],
    [400, 'GET', `/${'0'.repeat(90)}`],
    [414, 'GET', `/${'0'.repeat(200)}`],
    [400, 'GET', '?limit=0'],
    [400, 'GET', '?limit=101'],
    [400, 'GET', '?limit='],
    [400, 'GET', '?limit=99999999999999999999'],
    [400, 'GET', '?limit=1&limit=2'],
    [400, 'GET', '?cursor=x'],
    [400, 'GET', '?cursor=%00'],
    [400, 'GET', '?cursor=AAAAAAAAAAAAAAAAAAAAAAA'],
    [400, 'GET', '?search=%00'],
    [400, 'GET', '?unknown=1'],
  ];
  for (const [status, method, path, more] of requests) {
    it(`${method} ${path.slice(0, 60)} ${JSON.stringify(more ?? '').slice(0, 80)}: ${status}`, async () => {
      const answer = await ask(method, path, more);
      expect(answer.statusCode).to.equal(status);
      expect(answer.headers['content-type']).to.match(/^application\/problem\+json/);
      expect(answer.json()).to.include({ status }).and.to.have.property('detail');
      expect(answer.headers['x-request-id']).to.match(/^[A-Za-z0-9._-]{8,64}$/);
    });
  }

  it('names the wrong parameters of a query, all of them', async () => {
    const { errors } = (await ask('GET', '?limit=x&cursor=!&colour=red')).json();
    expect(errors.map(({ field }: { field: string }) => field)).to.have.members([
      '/limit',
      '/cursor',
      '/colour',
    ]);
  });

  it('says nothing of its inside when it fails: 500', async () => {
    const failing = new MemoryRepository();
    failing.list = () => Promise.reject(new Error('SELECT password FROM inside'));
    const answer = await (await createApi({ repository: failing, release: 'test' })).inject('/api/products');
    expect(answer.statusCode).to.equal(500);
    expect(answer.json()).to.have.property('detail', 'Something went wrong here. It has been logged.');
    expect(answer.body).not.to.include('inside');
  });

  for (const [ifMatch, status] of [
    ['"1"', 204],
    ['W/"1"', 204],
    ['"2"', 412],
    ['*', 412],
    ['nonsense', 412],
    ['"99999999999999999999"', 412],
    [undefined, 428],
  ] as const) {
    it(`DELETE with If-Match ${ifMatch}: ${status}`, async () => {
      const { id } = (await post(mug({ sku: `ETAG-${ifMatch?.length}-${status}` }))).json();
      const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
      expect((await ask('DELETE', `/${id}`, { headers })).statusCode).to.equal(status);
      expect((await ask('GET', `/${id}`)).statusCode).to.equal(status === 204 ? 404 : 200);
    });
  }
});
