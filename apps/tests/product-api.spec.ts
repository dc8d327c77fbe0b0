import { expect } from 'chai';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { createApi } from '../product-api/app.ts';
import { MemoryRepository } from './memory-repository.ts';

const lamp = {
  sku: 'LAMP-1',
  name: 'Lamp',
  description: '',
  price: { amount: 1250, currency: 'EUR' },
  stock: 3,
};
const json = { 'content-type': 'application/json' };

describe('product-api', () => {
  let repository: MemoryRepository;
  let app: FastifyInstance;
  let id: string;
  beforeEach(async () => {
    repository = new MemoryRepository();
    app = await createApi({ repository, release: 'test' });
    id = (await repository.create({ ...lamp, sku: 'FIRST' })).product.id;
  });
  afterEach(() => app.close());

  const missing = '00000000-0000-7000-8000-000000000000';
  const requests: [what: string, request: () => InjectOptions, status: number, detail?: string | RegExp][] = [
    ['lists', () => ({ url: '/api/products' }), 200],
    ['reads', () => ({ url: `/api/products/${id}` }), 200],
    ['creates', () => ({ method: 'POST', url: '/api/products', body: lamp }), 201],
    [
      'refuses a taken sku',
      () => ({ method: 'POST', url: '/api/products', body: { ...lamp, sku: 'FIRST' } }),
      409,
      'The sku is taken.',
    ],
    [
      'refuses a body that is not JSON',
      () => ({ method: 'POST', url: '/api/products', headers: json, payload: '{' }),
      400,
      /JSON/,
    ],
    [
      'refuses text',
      () => ({
        method: 'POST',
        url: '/api/products',
        headers: { 'content-type': 'text/plain' },
        payload: 'x',
      }),
      415,
      /media type/i,
    ],
    [
      'refuses more than 64 KiB',
      () => ({ method: 'POST', url: '/api/products', headers: json, payload: 'x'.repeat(65_537) }),
      413,
      /too large/i,
    ],
    ['refuses an id that is none', () => ({ url: '/api/products/7' }), 400, 'The params is not valid.'],
    [
      'refuses a limit that is none',
      () => ({ url: '/api/products?limit=0' }),
      400,
      'The querystring is not valid.',
    ],
    [
      'refuses an unknown parameter',
      () => ({ url: '/api/products?colour=red' }),
      400,
      'The querystring is not valid.',
    ],
    [
      'refuses NUL in a search',
      () => ({ url: '/api/products?search=%00' }),
      400,
      'The querystring is not valid.',
    ],
    [
      'does not find what is not there',
      () => ({ url: `/api/products/${missing}` }),
      404,
      `There is no product ${missing}.`,
    ],
    ['does not know other paths', () => ({ url: '/api/teapots' }), 404, 'Nothing is at /api/teapots.'],
    [
      'does not know other methods',
      () => ({ method: 'PATCH', url: `/api/products/${id}` }),
      405,
      'PATCH is not possible here.',
    ],
    [
      'wants If-Match for an update',
      () => ({ method: 'PUT', url: `/api/products/${id}`, body: lamp }),
      428,
      /Send If-Match/,
    ],
    [
      'refuses a stale update',
      () => ({ method: 'PUT', url: `/api/products/${id}`, body: lamp, headers: { 'if-match': '"9"' } }),
      412,
      /has changed/,
    ],
    [
      'refuses an ETag of others',
      () => ({ method: 'PUT', url: `/api/products/${id}`, body: lamp, headers: { 'if-match': 'W/"x"' } }),
      412,
      /has changed/,
    ],
    [
      'updates',
      () => ({ method: 'PUT', url: `/api/products/${id}`, body: lamp, headers: { 'if-match': '"1"' } }),
      200,
    ],
    [
      'updates nothing that is not there',
      () => ({ method: 'PUT', url: `/api/products/${missing}`, body: lamp, headers: { 'if-match': '"1"' } }),
      404,
      /no product/,
    ],
    [
      'deletes',
      () => ({ method: 'DELETE', url: `/api/products/${id}`, headers: { 'if-match': '"1"' } }),
      204,
    ],
    [
      'refuses a stale delete',
      () => ({ method: 'DELETE', url: `/api/products/${id}`, headers: { 'if-match': '"2"' } }),
      412,
      /has changed/,
    ],
    ['is alive', () => ({ url: '/healthz' }), 200],
    ['is ready', () => ({ url: '/readyz' }), 200],
    ['describes itself', () => ({ url: '/api/openapi.json' }), 200],
    ['explains itself', () => ({ url: '/api/docs' }), 200],
    ['has what that page needs', () => ({ url: '/api/docs/static/swagger-ui.css' }), 200],
    ['has nothing else there', () => ({ url: '/api/docs/nothing' }), 404, 'Nothing is at /api/docs/nothing.'],
  ];
  for (const [what, request, status, detail] of requests) {
    it(`${what}: ${status}`, async () => {
      const answer = await app.inject(request());
      expect(answer.statusCode, answer.body).to.equal(status);
      if (status < 400) return;
      expect(answer.headers['content-type']).to.match(/^application\/problem\+json/);
      expect(answer.json()).to.include({ type: 'about:blank', status });
      expect(answer.json().detail).to.match(detail instanceof RegExp ? detail : new RegExp(`^${detail}$`));
    });
  }

  it('says how long its page is without sending it', async () => {
    const page = await app.inject({ url: '/api/docs/' });
    const head = await app.inject({ method: 'HEAD', url: '/api/docs/' });
    expect(head.body).to.equal('');
    expect(head.headers['content-length']).to.equal(String(page.rawPayload.length));
  });

  it('lists every wrong field of a body, and takes no text for a number', async () => {
    const body = {
      sku: '',
      name: 'x\u0000',
      description: 1,
      price: { amount: -1, currency: 'eur' },
      stock: '5',
      colour: 'red',
    };
    const answer = await app.inject({ method: 'POST', url: '/api/products', body });
    const fields = (answer.json().errors as { field: string }[]).map(({ field }) => field);
    expect([...new Set(fields)].sort()).to.deep.equal([
      '/colour',
      '/description',
      '/name',
      '/price/amount',
      '/price/currency',
      '/sku',
      '/stock',
    ]);
  });

  it('answers 503 with Retry-After when the database is away', async () => {
    repository.away = true;
    const answer = await app.inject({ url: '/api/products' });
    expect([answer.statusCode, answer.headers['retry-after']]).to.deep.equal([503, '1']);
    expect((await app.inject({ url: '/readyz' })).statusCode).to.equal(503);
    expect((await app.inject({ url: '/healthz' })).statusCode).to.equal(200);
  });

  it('counts versions in its ETag', async () => {
    const first = await app.inject({ url: `/api/products/${id}` });
    const second = await app.inject({
      method: 'PUT',
      url: `/api/products/${id}`,
      body: lamp,
      headers: { 'if-match': first.headers['etag']! },
    });
    expect([first.headers['etag'], second.headers['etag']]).to.deep.equal(['"1"', '"2"']);
  });

  it('is described as OpenAPI 3.1 with every status that it answers', async () => {
    const { openapi, paths } = (await app.inject({ url: '/api/openapi.json' })).json();
    expect(openapi).to.equal('3.1.0');
    expect(Object.keys(paths)).to.have.members(['/api/products', '/api/products/{id}']);
    expect(Object.keys(paths['/api/products'].post.responses)).to.have.members([
      '201',
      '400',
      '409',
      '413',
      '415',
      '422',
      '503',
    ]);
  });
});
