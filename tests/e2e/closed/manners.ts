import { connect as connectPlain } from 'node:net';
import { expect } from 'chai';
import { sleep } from '../support/fault.ts';
import { Load } from '../support/load.ts';
import { raw } from '../support/raw.ts';
import { docker, eventually } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** How edge treats clients that ask for too much, or for what is not theirs. */
export function manners(stack: TestStack): void {
  it('says neither versions nor products, and sends security headers once', async () => {
    for (const path of [
      '/',
      '/api/products',
      '/api/nothing',
      '/healthz',
      '/assets/nothing',
      await assetOf(stack),
    ]) {
      const { headers } = await fetch(stack.url + path);
      expect(headers.get('server'), path).to.equal('nginx');
      expect(headers.get('x-powered-by'), path).to.equal(null);
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('referrer-policy'), path).to.equal('same-origin');
    }
    const csp = (await fetch(stack.url)).headers.get('content-security-policy');
    expect(csp).to.contain("script-src 'none'").and.not.to.contain('unsafe');
  });

  for (const path of [
    '/healthz',
    '/readyz',
    '/metrics',
    '/healthz/',
    '//healthz',
    '/%68ealthz',
    '/api/../healthz',
  ]) {
    it(`does not show ${path} outside`, async () => {
      const { status } = await raw(stack.port, `GET ${path} HTTP/1.1\r\nHost: x`);
      expect(status).to.be.oneOf([400, 404]);
    });
  }

  it('compresses what is large, for whoever takes it', async () => {
    const style = await assetOf(stack);
    for (const [path, encoding] of [
      ['/', 'gzip'],
      [style, 'gzip'],
      ['/api/products', 'gzip'],
      ['/api/products?limit=1', null],
    ] as const) {
      const { headers } = await fetch(stack.url + path, { headers: { 'accept-encoding': 'gzip' } });
      expect(headers.get('content-encoding'), path).to.equal(encoding);
      if (encoding) expect(headers.get('vary'), path).to.contain('Accept-Encoding');
      const plain = await fetch(stack.url + path, { headers: { 'accept-encoding': 'identity' } });
      expect(plain.headers.get('content-encoding'), path).to.equal(null);
    }
  });

  it('gives assets itself, for ever the same, also while no storefront answers', async () => {
    const style = await assetOf(stack);
    const first = await fetch(stack.url + style);
    const storefronts = await stack.replicas('storefront');
    await docker('pause', ...storefronts);
    try {
      const kept = await fetch(stack.url + style, { signal: AbortSignal.timeout(1000) });
      expect(kept.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
      expect(kept.headers.get('x-request-id')).not.to.equal(first.headers.get('x-request-id'));
      expect(await kept.text()).to.equal(await first.text());
    } finally {
      await docker('unpause', ...storefronts);
    }
  });

  it('passes on the real address of a client, whatever it claims', async () => {
    const [id] = await stack.replicas('edge');
    const networks = await docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', id!);
    const [name, { IPAddress }] = Object.entries(
      JSON.parse(networks) as Record<string, { IPAddress: string }>,
    ).find(([network]) => network.endsWith('edge-ingress'))!;
    const script = `fetch('http://${IPAddress}:8080/api/products?search=forged', { headers: {
      'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6', 'x-real-ip': '6.6.6.6' } })
      .then((answer) => console.log(answer.status, require('os').networkInterfaces().eth0[0].address))`;
    const said = await docker('run', '--rm', '--network', name, 'node:24-alpine', 'node', '-e', script);
    const [status, address] = said.split(' ');
    expect(status).to.equal('200');
    let line: string | undefined;
    // The app writes its log behind its answers.
    await eventually(5, 'the line', async () => {
      const apis = await stack.replicas('product-api');
      const logs = await Promise.all(apis.map((api) => docker('logs', api)));
      line = logs.flatMap((log) => log.split('\n')).find((text) => text.includes('search=forged'));
      return line !== undefined;
    });
    expect(JSON.parse(line!)).to.have.property('client', address);
  });

  it('refuses a body of more than 256 KiB', async () => {
    const body = JSON.stringify({ name: 'x'.repeat(300_000) });
    const answer = await fetch(`${stack.url}/api/products`, { method: 'POST', body });
    expect([answer.status, answer.headers.get('content-type')]).to.deep.equal([
      413,
      'application/problem+json',
    ]);
  });

  it('serves others while 200 clients send their headers slowly, and ends those', async () => {
    const slow = Array.from({ length: 200 }, () => connectPlain(stack.port, '127.0.0.1'));
    const ended = slow.map(
      (socket) => new Promise((resolve) => socket.on('error', resolve).on('close', resolve)),
    );
    for (const socket of slow) socket.write('GET / HTTP/1.1\r\nHost: slow\r\nX-A: ');
    const drip = setInterval(() => slow.forEach((socket) => socket.writable && socket.write('a')), 1000);
    const load = new Load(stack.url).start();
    await sleep(4000);
    const { requests, endings } = await load.stop();
    expect(endings).to.deep.equal({});
    expect(requests).to.be.greaterThan(200);
    const all = Promise.all(ended).then(() => 'all ended');
    expect(await Promise.race([all, sleep(14_000)])).to.equal('all ended');
    clearInterval(drip);
  });
}

/** The address of the style sheet of the first page. */
async function assetOf({ url }: TestStack): Promise<string> {
  const page = await (await fetch(url)).text();
  return /\/assets\/style\.[0-9a-f]+\.css/.exec(page)![0];
}
