import { expect } from 'chai';
import type { FastifyInstance, InjectOptions } from 'fastify';
import {
  ApiAway,
  ApiRefusal,
  type Product,
  type ProductApi,
  type ProductInput,
} from '../storefront/api-client.ts';
import { createStorefront } from '../storefront/app.ts';
import { escapeHtml, html } from '../storefront/html.ts';
import { decimalText, formatPrice, parseDecimal } from '../storefront/money.ts';

const evil = `<script>alert("1")</script>'`;
const lamp: Product = {
  id: '0190a000-0000-7000-8000-000000000001',
  sku: 'LAMP',
  name: evil,
  description: evil,
  price: { amount: 1250, currency: 'EUR' },
  stock: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
};
const form = {
  key: 'k-12345678',
  etag: '"1"',
  sku: 'S',
  name: 'N',
  description: '',
  price: '12.50',
  currency: 'EUR',
  stock: '3',
};

/** An API that answers as told. */
class FakeApi implements ProductApi {
  failure: Error | undefined;
  readonly written: [ProductInput, string][] = [];
  list = () => this.answer({ items: [lamp], nextCursor: 'next' });
  read = () =>
    this.answer(
      { product: lamp, etag: '"1"' },
      this.failure instanceof ApiRefusal && this.failure.status === 412,
    );
  create = (input: ProductInput, key: string) => this.write(input, key);
  update = (_id: string, etag: string, input: ProductInput) => this.write(input, etag);
  remove = () => this.answer(undefined);

  private write(input: ProductInput, token: string) {
    this.written.push([input, token]);
    return this.answer({ product: lamp, etag: '"2"' });
  }

  private async answer<T>(value: T, anyway = false): Promise<T> {
    if (this.failure && !anyway) throw this.failure;
    return value;
  }
}

describe('storefront', () => {
  let api: FakeApi;
  let app: FastifyInstance;
  beforeEach(async () => {
    api = new FakeApi();
    app = await createStorefront({ api, release: 'test' });
  });
  afterEach(() => app.close());

  const post = (url: string, fields: Record<string, string> = form): InjectOptions => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: String(new URLSearchParams(fields)),
  });
  const pages: [
    what: string,
    request: InjectOptions,
    failure: Error | undefined,
    status: number,
    shows: string,
  ][] = [
    ['lists', { url: '/' }, undefined, 200, '€12.50'],
    ['searches', { url: '/?search=teapot' }, undefined, 200, 'Results for “teapot”'],
    ['opens', { url: `/products/${lamp.id}` }, undefined, 200, 'Article number'],
    ['shows a form', { url: '/products/new' }, undefined, 200, '<label for="price">Price</label>'],
    ['shows a product in the form', { url: `/products/${lamp.id}/edit` }, undefined, 200, 'value="12.50"'],
    [
      'asks before it deletes',
      { url: `/products/${lamp.id}/delete` },
      undefined,
      200,
      'This cannot be undone.',
    ],
    ['creates and goes there', post('/products'), undefined, 303, ''],
    [
      'keeps what was typed',
      post('/products', { ...form, price: 'cheap' }),
      undefined,
      400,
      'id="price-error"',
    ],
    [
      'tells what the API refuses',
      post('/products'),
      new ApiRefusal(409, 'x', [{ field: '/sku', detail: 'is taken' }]),
      409,
      'This is taken.',
    ],
    [
      'tells that somebody was faster',
      post(`/products/${lamp.id}`),
      new ApiRefusal(412, 'x'),
      409,
      'Somebody else has changed this product',
    ],
    ['does not find', { url: '/products/x' }, new ApiRefusal(404, 'x'), 404, 'Not found'],
    ['does not find pages', { url: '/nowhere' }, undefined, 404, 'Not found'],
    ['is back in a moment', { url: '/' }, new ApiAway(), 503, 'Back in a moment'],
    ['tells nothing of its own mistakes', { url: '/' }, new Error('secret'), 500, 'Something went wrong'],
    [
      'refuses other sites',
      { ...post('/products'), headers: { 'sec-fetch-site': 'cross-site' } },
      undefined,
      403,
      'another site',
    ],
  ];
  for (const [what, request, failure, status, shows] of pages) {
    it(`${what}: ${status}`, async () => {
      api.failure = failure;
      const answer = await app.inject(request);
      expect(answer.statusCode, answer.body).to.equal(status);
      expect(answer.body).to.contain(shows);
      expect(answer.body).not.to.match(/<script|secret/);
    });
  }

  it('sends the form as a product, once, with its key', async () => {
    await app.inject(post('/products'));
    expect(api.written).to.deep.equal([
      [
        { sku: 'S', name: 'N', description: '', price: { amount: 1250, currency: 'EUR' }, stock: 3 },
        'k-12345678',
      ],
    ]);
  });

  it('says when to come back', async () => {
    api.failure = new ApiAway();
    expect((await app.inject({ url: '/' })).headers['retry-after']).to.equal('1');
  });

  it('serves its style sheet for ever', async () => {
    const url = /href="(\/assets\/style\.[0-9a-f]{10}\.css)"/.exec(
      (await app.inject({ url: '/' })).body,
    )![1]!;
    expect((await app.inject({ url })).headers['cache-control']).to.equal(
      'public, max-age=31536000, immutable',
    );
    expect((await app.inject({ url: '/assets/style.css' })).statusCode).to.equal(404);
  });
});

describe('money', () => {
  const amounts: [number, string, string, string][] = [
    [1250, 'EUR', '12.50', '€12.50'],
    [5, 'EUR', '0.05', '€0.05'],
    [0, 'USD', '0.00', '$0.00'],
    [1250, 'JPY', '1250', '¥1,250'],
    [123456789012, 'EUR', '1234567890.12', '€1,234,567,890.12'],
  ];
  for (const [amount, currency, decimal, shown] of amounts) {
    it(`${amount} ${currency} is ${shown}`, () => {
      expect([
        decimalText(amount, currency),
        parseDecimal(decimal, currency),
        formatPrice({ amount, currency }),
      ]).to.deep.equal([decimal, amount, shown]);
    });
  }
  const texts: [string, string, number | undefined][] = [
    ['12,5', 'EUR', 1250],
    [' 7 ', 'EUR', 700],
    ['0.1', 'EUR', 10],
    ['1.999', 'EUR', undefined],
    ['1.5', 'JPY', undefined],
    ['-1', 'EUR', undefined],
    ['', 'EUR', undefined],
    ['1e3', 'EUR', undefined],
  ];
  for (const [given, currency, amount] of texts) {
    it(`"${given}" ${currency} is ${amount}`, () => expect(parseDecimal(given, currency)).to.equal(amount));
  }
});

describe('html', () => {
  it('escapes every value', () =>
    expect(html`<a title="${evil}">${[evil, html`<b>x</b>`]}</a>`.text).to.equal(
      `<a title="${escapeHtml(evil)}">${escapeHtml(evil)}<b>x</b></a>`,
    ));
  it('shows nothing for nothing', () => expect(html`${false}${undefined}${null}${0}`.text).to.equal('0'));
});
