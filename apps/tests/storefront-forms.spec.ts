import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { ApiAway, ApiRefusal } from '../storefront/api-client.ts';
import { createStorefront } from '../storefront/app.ts';
import { FakeApi, lamp, lampForm, post } from './storefront-fake-api.ts';

const product = `/products/${lamp.id}`;
const input = {
  sku: 'LAMP',
  name: 'Desk Lamp',
  description: 'Lights\na desk.',
  price: { amount: 1250, currency: 'EUR' },
  stock: 3,
};

describe('storefront: forms', () => {
  let api: FakeApi;
  let app: FastifyInstance;
  beforeEach(async () => {
    api = new FakeApi();
    app = await createStorefront({ api, release: 'r1' });
  });
  afterEach(() => app.close());
  const send = (url: string, more: Record<string, string> = {}, headers?: Record<string, string>) =>
    app.inject(post(url, { ...lampForm, ...more }, headers));

  const saved: [url: string, goesTo: string, call: unknown[]][] = [
    ['/products', `${product}?done=created`, ['create', input, lampForm.key]],
    [product, `${product}?done=updated`, ['update', lamp.id, '"1"', input]],
    [`${product}/delete`, '/?done=deleted', ['remove', lamp.id, '"1"']],
  ];
  for (const [url, goesTo, call] of saved) {
    it(`POST ${url} saves and goes to ${goesTo}`, async () => {
      const answer = await send(url);
      expect([answer.statusCode, answer.headers.location]).to.deep.equal([303, goesTo]);
      expect(api.calls[0]!.slice(0, -1)).to.deep.equal(call);
    });
  }

  it('gives every new form a key of its own', async () => {
    const keys = [1, 2].map(
      async () => /name="key"\s+value="([^"]+)"/.exec((await app.inject('/products/new')).body)?.[1],
    );
    const [one, two] = await Promise.all(keys);
    expect(one)
      .to.match(/^[0-9a-f-]{36}$/)
      .and.not.to.equal(two);
  });

  const refused: [url: string, failure: Error, status: number, shows: string][] = [
    [
      '/products',
      new ApiRefusal(409, 'x', [{ field: '/sku', detail: 'is taken' }]),
      409,
      'has this article number already',
    ],
    [
      '/products',
      new ApiRefusal(400, 'x', [{ field: '/price/amount', detail: 'must be less' }]),
      400,
      'This must be less.',
    ],
    [
      '/products',
      new ApiRefusal(400, 'Said <b>in</b> general.', []),
      400,
      'Said &lt;b&gt;in&lt;/b&gt; general.',
    ],
    ['/products', new ApiAway('x'), 503, 'What you entered is still here'],
    [
      product,
      new ApiRefusal(409, 'x', [{ field: '/sku', detail: 'is taken' }]),
      409,
      'has this article number already',
    ],
    [product, new ApiAway('x'), 503, 'What you entered is still here'],
    [product, new ApiRefusal(404, 'x'), 404, 'Not found'],
    [`${product}/delete`, new ApiAway('x'), 503, `href="${product}/delete"`],
  ];
  for (const [url, failure, status, shows] of refused) {
    it(`POST ${url} when the API says ${failure.message || failure.name}: ${status}, ${shows}`, async () => {
      api.writeFailure = failure;
      const answer = await send(url);
      expect(answer.statusCode).to.equal(status);
      expect(answer.body).to.contain(shows);
      expect(answer.headers['retry-after']).to.equal(status === 503 ? '1' : undefined);
    });
  }

  const wrong: [field: string, value: string, shows: string][] = [
    ['name', ' ', 'Enter a name.'],
    ['name', 'x'.repeat(201), 'Use at most 200 characters.'],
    ['sku', '', 'Enter an article number.'],
    ['sku', 'a b', 'Use at most 64 letters'],
    ['price', 'cheap', 'Enter a price such as 12.50, without a currency sign.'],
    ['price', '-1', 'Enter a price such as 12.50'],
    ['price', '99999999999.00', 'Enter a price such as 12.50'],
    ['currency', 'euro', 'Choose a currency.'],
    ['stock', '1.5', 'Enter a whole number'],
    ['description', 'x'.repeat(5001), 'Use at most 5000 characters.'],
  ];
  for (const [field, value, shows] of wrong) {
    it(`${field} "${value.slice(0, 12)}": ${shows}`, async () => {
      const { statusCode, body } = await send('/products', { [field]: value });
      expect([statusCode, api.calls]).to.deep.equal([400, []]);
      expect(body).to.contain(`href="#${field}"`).and.to.contain(shows);
      expect(body).to.match(new RegExp(`id="${field}"[^>]*aria-describedby="[^"]*${field}-error"`));
    });
  }

  it('tells everything that is wrong at once, in the order of the form, and keeps what was typed', async () => {
    const { body } = await send('/products', {
      name: '',
      price: 'cheap',
      stock: 'many',
      description: '\n  Kept',
    });
    expect([...body.matchAll(/href="#(\w+)">/g)].map(([, id]) => id)).to.deep.equal([
      'main',
      'name',
      'price',
      'stock',
    ]);
    expect(body)
      .to.contain('value="cheap"')
      .and.to.contain('value="many"')
      .and.to.contain('>\nKept</textarea');
    expect(body).to.contain(`value="${lampForm.key}"`).and.to.contain('<title>Error: New product');
  });

  it('says that yen have no decimals', async () =>
    expect((await send('/products', { currency: 'JPY' })).body).to.contain('JPY has no decimals'));

  it('counts characters, not halves of them', async () =>
    expect((await send('/products', { name: '😀'.repeat(200) })).statusCode).to.equal(303));

  it('takes a form of the greatest length, written in the longest characters', async () =>
    expect((await send('/products', { description: '😀'.repeat(5000) })).statusCode).to.equal(303));

  it('gives a new key where the old one was used for something else', async () => {
    api.writeFailure = new ApiRefusal(422, 'x');
    const { statusCode, body } = await send('/products');
    expect(statusCode).to.equal(409);
    expect(body)
      .to.contain('was saved before')
      .and.to.contain('value="LAMP"')
      .and.not.to.contain(lampForm.key);
  });

  it('shows both versions when somebody was faster, and can then replace theirs', async () => {
    api.writeFailure = new ApiRefusal(412, 'x');
    const { statusCode, body } = await send(product, { price: '7' });
    expect(statusCode).to.equal(409);
    const rows = [...body.matchAll(/<th scope="row">([^<]*)<\/th>\s*<td>([^<]*)<\/td>\s*<td>([^<]*)</g)];
    expect(rows.map(([, ...cells]) => cells)).to.deep.equal([['Price', '7', '12.50']]);
    expect(body)
      .to.contain('value="&quot;2&quot;"')
      .and.to.match(/id="price"[^>]*value="7"/);
  });

  it('takes a conflict of two equal versions for saved: only the answer was lost', async () => {
    api.writeFailure = new ApiRefusal(412, 'x');
    expect((await send(product, { price: '12,5' })).headers.location).to.equal(`${product}?done=updated`);
  });

  it('asks again before it deletes what has changed', async () => {
    api.writeFailure = new ApiRefusal(412, 'x');
    const { statusCode, body } = await send(`${product}/delete`);
    expect(statusCode).to.equal(409);
    expect(body).to.contain('It was not deleted.').and.to.contain('value="&quot;2&quot;"');
  });

  it('takes what is gone for deleted', async () => {
    api.writeFailure = new ApiRefusal(404, 'x');
    expect((await send(`${product}/delete`)).headers.location).to.equal('/?done=deleted');
  });

  for (const etag of ['', 'x', '"a"\r\nx: y', '"ü"', '*'])
    it(`sends no ${JSON.stringify(etag)} as If-Match`, async () => {
      await send(product, { etag });
      expect(api.calls[0]![2]).to.equal('""');
    });

  const sites: [headers: Record<string, string>, status: number][] = [
    [{ 'sec-fetch-site': 'same-origin' }, 303],
    [{ 'sec-fetch-site': 'none' }, 303],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ 'sec-fetch-site': 'same-site' }, 403],
    [{ 'sec-fetch-site': 'same-origin', origin: 'null' }, 303],
    [{ origin: 'http://shop.example:8080' }, 303],
    [{ origin: 'http://evil.example' }, 403],
    [{ origin: 'http://shop.example.evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{}, 303],
  ];
  for (const [headers, status] of sites) {
    it(`answers a form with ${JSON.stringify(headers)}: ${status}`, async () => {
      expect((await send('/products', {}, headers)).statusCode).to.equal(status);
      expect(api.calls).to.have.length(status === 403 ? 0 : 1);
    });
  }

  it('lets other sites link here', async () =>
    expect((await app.inject({ url: '/', headers: { 'sec-fetch-site': 'cross-site' } })).statusCode).to.equal(
      200,
    ));

  const bodies: [type: string, payload: string, status: number, shows: string][] = [
    ['application/x-www-form-urlencoded', `name=${'x'.repeat(70_000)}`, 413, 'Too much text'],
    ['application/json', '{}', 415, 'That did not work'],
    ['text/plain', 'name=x', 415, 'That did not work'],
  ];
  for (const [type, payload, status, shows] of bodies) {
    it(`answers ${payload.length} bytes of ${type}: ${status}`, async () => {
      const headers = { 'content-type': type };
      const answer = await app.inject({ method: 'POST', url: '/products', headers, payload });
      expect(answer.statusCode).to.equal(status);
      expect(answer.body).to.contain(shows);
    });
  }

  it('links to no other site, whatever address was asked for', async () => {
    const answer = await send('//evil.example/delete', {}, { 'sec-fetch-site': 'cross-site' });
    expect(answer.statusCode).to.equal(403);
    expect(answer.body).not.to.contain('evil.example');
  });
});
