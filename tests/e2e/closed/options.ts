import { expect } from 'chai';
import { fetchHttps, handshake } from '../support/https.ts';
import { settled } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** What a stack may ask of its edge. */
export function options(stack: TestStack): void {
  before(async () => {
    await stack.configure({ redirectHttp: 'true', hsts: '3600', hosts: 'shop.example', rateLimit: '20' });
    await stack.upOk();
    await settled(20, 'the reload', async () => (await asShop('/')).status === 308);
  });

  it('redirectHttp: answers http with the same address on https', async () => {
    const { status, headers } = await asShop('/products?search=a%20b');
    expect([status, headers['location']]).to.deep.equal([
      308,
      `https://shop.example:${stack.httpsPort}/products?search=a%20b`,
    ]);
  });

  it('hsts: tells browsers to stay on https', async () => {
    expect((await asShop('/', true)).headers['strict-transport-security']).to.equal('max-age=3600');
  });

  it('hosts: knows no other name', async () => {
    expect((await fetchHttps(stack.url, { host: 'other.example' })).status).to.equal(421);
    const refused = await handshake(stack.httpsPort, { host: 'other.example' }).catch(
      (error: Error) => error,
    );
    expect(refused).to.be.an('error');
    expect((await handshake(stack.httpsPort, { host: 'shop.example' })).names).to.contain('DNS:shop.example');
  });

  it('rateLimit: answers 429 with Retry-After to a client that sends too much', async () => {
    const answers = await Promise.all(
      Array.from({ length: 120 }, () => asShop('/api/products?limit=1', true)),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).to.have.length.within(40, 100);
    expect(refused[0]!.headers['retry-after']).to.equal('1');
    expect(JSON.parse(refused[0]!.text)).to.have.property('status', 429);
    expect(answers.filter(({ status }) => status === 200)).to.have.length(120 - refused.length);
  });

  function asShop(path: string, https = false) {
    return fetchHttps((https ? stack.httpsUrl : stack.url) + path, { host: 'shop.example' });
  }
}
