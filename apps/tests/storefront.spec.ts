import { expect } from 'chai';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { ApiAway, ApiRefusal } from '../storefront/api-client.ts';
import { createStorefront } from '../storefront/app.ts';
import { evil, FakeApi, lamp, lampForm, post } from './storefront-fake-api.ts';

describe('storefront: pages', () => {
  let api: FakeApi;
  let app: FastifyInstance;
  beforeEach(async () => {
    api = new FakeApi();
    app = await createStorefront({ api, release: 'r1' });
  });
  afterEach(() => app.close());

  const product = `/products/${lamp.id}`;
  const pages: [what: string, url: string, failure: Error | undefined, status: number, shows: string][] = [
    ['lists', '/', undefined, 200, '€12.50'],
    ['links to products', '/', undefined, 200, `href="${product}"`],
    ['searches', '/?search=teapot', undefined, 200, 'Results for “teapot”'],
    ['keeps the search in its box', '/?search=tea%20pot', undefined, 200, 'value="tea pot"'],
    ['takes a parameter sent twice for none', '/?search=a&search=b', undefined, 200, '<h1>Products</h1>'],
    ['opens', product, undefined, 200, 'Article number'],
    ['shows the stock', product, undefined, 200, 'Only 3 left'],
    ['has a form', '/products/new', undefined, 200, '<label for="price">Price</label>'],
    ['fills the form', `${product}/edit`, undefined, 200, 'value="12.50"'],
    ['puts the version into the form', `${product}/edit`, undefined, 200, 'value="&quot;2&quot;"'],
    ['asks before it deletes', `${product}/delete`, undefined, 200, 'This cannot be undone.'],
    ['says what was done', '/?done=deleted', undefined, 200, 'The product was deleted.'],
    ['does not find products', product, new ApiRefusal(404, 'x'), 404, 'Not found'],
    ['does not find what is no id', '/products/x', new ApiRefusal(400, 'x'), 404, 'Not found'],
    ['does not find pages', '/nowhere', undefined, 404, 'Not found'],
    ['does not find assets', '/assets/style.css', undefined, 404, 'Not found'],
    ['does not know such a cursor', '/?cursor=x', new ApiRefusal(400, 'x'), 400, 'That did not work'],
    ['cannot decode', '/%zz', undefined, 400, 'That did not work'],
    ['is back in a moment', '/', new ApiAway('secret'), 503, 'Back in a moment'],
    ['tells nothing of its own mistakes', '/', new Error('secret'), 500, 'Something went wrong'],
  ];
  for (const [what, url, failure, status, shows] of pages) {
    it(`${what}: GET ${url} ${status}`, async () => {
      api.failure = failure;
      const answer = await app.inject({ url });
      expect(answer.statusCode, answer.body).to.equal(status);
      expect(answer.headers['content-type']).to.equal('text/html; charset=utf-8');
      expect(answer.headers['cache-control']).to.equal('no-store');
      expect(answer.body).to.contain(shows).and.not.to.contain('secret');
    });
  }

  for (const word of ['constructor', '__proto__', 'toString', '<b>', 'nothing'])
    it(`does not let an address say "${word}"`, async () =>
      expect((await app.inject({ url: `/?done=${encodeURIComponent(word)}` })).body).not.to.contain(
        'role="status"',
      ));

  it('offers to try again the same page when the API is away, and works as soon as it is back', async () => {
    api.failure = new ApiAway('x');
    const away = await app.inject({ url: '/?search=a&cursor=b' });
    expect(away.headers['retry-after']).to.equal('1');
    expect(away.body).to.contain('href="/?search=a&amp;cursor=b"').and.not.to.contain('http-equiv');
    api.failure = undefined;
    expect((await app.inject({ url: '/' })).statusCode).to.equal(200);
  });

  it('goes forward and back in the list, through the whole search', async () => {
    api.nextCursor = 'c2';
    const hrefs = async (url: string) =>
      [...(await app.inject({ url })).body.matchAll(/class="button"[^>]* href="([^"]*)"[^>]*>([^<]*)</g)].map(
        ([, href, name]) => [name, href!.replaceAll('&amp;', '&')],
      );
    expect(await hrefs('/?search=a')).to.deep.equal([['Next page', '/?search=a&cursor=c2']]);
    api.nextCursor = 'c3';
    expect(await hrefs('/?search=a&cursor=c2')).to.deep.equal([
      ['First page', '/?search=a'],
      ['Next page', '/?search=a&cursor=c3&from=c2'],
    ]);
    api.nextCursor = null;
    expect(await hrefs('/?search=a&cursor=c3&from=c2')).to.deep.equal([
      ['First page', '/?search=a'],
      ['Previous page', '/?search=a&cursor=c2'],
    ]);
    expect(api.calls.at(-1)![1]).to.deep.equal({ search: 'a', cursor: 'c3', limit: 24 });
  });

  it('says that nothing was found', async () => {
    api.items = [];
    expect((await app.inject({ url: '/?search=zzz' })).body).to.contain('Nothing found.');
  });

  it('passes the request id on, and back', async () => {
    const answer = await app.inject({ url: '/', headers: { 'x-request-id': 'edge-12345678' } });
    expect(api.calls[0]!.at(-1)).to.equal('edge-12345678');
    expect(answer.headers['x-request-id']).to.equal('edge-12345678');
  });

  it('lets a page load nothing but its own files', async () => {
    const { headers, body } = await app.inject({ url: '/' });
    expect(headers['content-security-policy']).to.contain("default-src 'self'").and.not.to.contain('unsafe');
    expect(body).not.to.match(/<script|<style|\sstyle=|\son[a-z]+=|src="http|href="http/);
  });

  it('shows what people wrote as text, wherever it appears', async () => {
    api.product = { ...lamp, sku: evil, name: evil, description: evil, id: evil };
    api.items = [api.product];
    const bad = {
      ...lampForm,
      key: evil,
      etag: evil,
      name: evil,
      description: evil,
      price: evil,
      stock: evil,
    };
    const requests: InjectOptions[] = [
      ...['/', product, `${product}/edit`, `${product}/delete`].map((url) => ({ url })),
      { url: `/?search=${encodeURIComponent(evil)}&cursor=${encodeURIComponent(evil)}` },
      { url: `/nowhere/${encodeURIComponent(evil)}` },
      post('/products', bad),
      post(`/products/${encodeURIComponent(evil)}`, bad),
      post('/products', { ...bad, currency: evil, sku: evil }),
    ];
    for (const request of requests) {
      const { body } = await app.inject(request);
      expect(body, JSON.stringify(request))
        .to.contain('</html>')
        .and.not.to.match(/<script|alert\('/i);
    }
  });

  it('has labels, landmarks and a skip link', async () => {
    const { body } = await app.inject({ url: '/products/new' });
    expect(body)
      .to.contain('<html lang="en">')
      .and.to.contain('href="#main"')
      .and.to.contain('<main id="main"');
    const controls = [...body.matchAll(/<(?:input|select|textarea)\s[^>]*?id="(\w+)"/g)].map(([, id]) => id);
    expect(controls).to.deep.equal(['search', 'name', 'sku', 'price', 'currency', 'stock', 'description']);
    for (const id of controls) expect(body).to.match(new RegExp(`<label[^>]* for="${id}"`));
    const described = [...body.matchAll(/aria-describedby="([^"]+)"/g)].flatMap(([, ids]) => ids!.split(' '));
    for (const id of described) expect(body).to.contain(`id="${id}"`);
  });

  it('serves its files for ever, each under the hash of its content', async () => {
    const { body } = await app.inject({ url: '/' });
    const found = [...body.matchAll(/\/assets\/(?:style|icon)\.[0-9a-f]{10}\.(css|svg)/g)];
    expect(new Set(found.map(([, type]) => type))).to.deep.equal(new Set(['css', 'svg']));
    for (const [url, type] of found) {
      const file = await app.inject({ url: `${url}?x` });
      expect(file.statusCode).to.equal(200);
      expect(file.headers['cache-control']).to.equal('public, max-age=31536000, immutable');
      expect(file.headers['content-type']).to.contain(type);
    }
  });

  it('is healthy and ready without the API', async () => {
    api.failure = new ApiAway('x');
    expect((await app.inject({ url: '/healthz' })).json()).to.deep.equal({ status: 'ok', release: 'r1' });
    expect((await app.inject({ url: '/readyz' })).statusCode).to.equal(200);
  });
});
