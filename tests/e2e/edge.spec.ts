import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect as connectPlain } from 'node:net';
import { expect } from 'chai';
import { newPair } from '../support/certificates.ts';
import { fetchHttps, handshake } from './support/https.ts';
import { sleep } from './support/fault.ts';
import { Load } from './support/load.ts';
import { docker, eventually, run } from './support/run.ts';
import { TestStack } from './support/test-stack.ts';

describe('edge', () => {
  const stack = new TestStack('edge');
  const edge = async () => (await stack.replicas('edge'))[0]!;
  before(async () => {
    await stack.init({ replicas: '2', storefrontReplicas: '1', catalogueSize: '50' });
    await stack.upOk();
  });
  after(() => stack.dispose());

  describe('https', () => {
    it('speaks TLS 1.2, TLS 1.3 and HTTP/2, for a certificate with its names', async () => {
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const { protocol, alpn, names } = await handshake(stack.httpsPort, { version });
        expect([protocol, alpn]).to.deep.equal([version, 'h2']);
        expect(names).to.equal('DNS:localhost, IP Address:127.0.0.1');
      }
      const page = await fetchHttps(`${stack.httpsUrl}/`);
      expect([page.status, page.text]).to.deep.equal([200, await (await fetch(stack.url)).text()]);
    });

    it('speaks nothing older', async () => {
      const refused = await handshake(stack.httpsPort, { version: 'TLSv1.1' }).catch((error: Error) => error);
      expect(refused).to.be.an('error');
    });
  });

  describe('manners', () => {
    it('says neither versions nor products, and sends security headers once', async () => {
      for (const path of ['/', '/api/products', '/api/nothing', '/healthz', '/assets/nothing']) {
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
        const { statusLine } = await raw(
          stack.port,
          `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
        );
        expect(statusLine).to.match(/ (404|400) /);
      });
    }

    it('passes on the real address of a client, whatever it claims', async () => {
      const id = await edge();
      const networks = await docker('inspect', '--format', '{{json .NetworkSettings.Networks}}', id);
      const [name, { IPAddress }] = Object.entries(
        JSON.parse(networks) as Record<string, { IPAddress: string }>,
      ).find(([network]) => network.endsWith('edge-ingress'))!;
      const script = `fetch('http://${IPAddress}:8080/api/products?search=forged', { headers: {
        'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6', 'x-real-ip': '6.6.6.6' } })
        .then((answer) => console.log(answer.status, require('os').networkInterfaces().eth0[0].address))`;
      const said = await docker('run', '--rm', '--network', name, 'node:24-alpine', 'node', '-e', script);
      const [status, address] = said.split(' ');
      expect(status).to.equal('200');
      const logs = await Promise.all((await stack.replicas('product-api')).map((api) => docker('logs', api)));
      const line = logs
        .join('\n')
        .split('\n')
        .find((text) => text.includes('search=forged'))!;
      expect(JSON.parse(line)).to.have.property('client', address);
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
  });

  describe('a new certificate and a new password of the database', () => {
    const load = new Load(stack.httpsUrl);
    const { certificate, key } = newPair('shop.example');
    let apis: string[];
    let passwords: { before: string; after: string };
    before(async () => {
      apis = await stack.replicas('product-api');
      writeFileSync(join(stack.folder, 'shop.pem'), certificate);
      await stack.configure({ tlsCertificate: './shop.pem' });
      await setSecret('tlsKey', key);
      const before = await readPassword(apis[0]!);
      load.start();
      const { code, output } = await run('npm', ['run', 'rotate-db-password', '--', stack.name], {
        cwd: stack.folder,
        env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'end-to-end' },
      });
      expect(code, output).to.equal(0);
      passwords = { before, after: await readPassword(apis[0]!) };
    });

    it('go live', async () => {
      await eventually(15, 'the new certificate', async () => {
        const { names } = await handshake(stack.httpsPort, { host: 'shop.example' });
        return names === 'DNS:shop.example';
      });
      await eventually(15, 'the old password is refused', async () => !(await isLetIn(passwords.before)));
      expect(await isLetIn(passwords.after)).to.equal(true);
    });

    it('lose no request, with the same containers', async () => {
      await sleep(2000);
      const { requests, endings } = await load.stop();
      expect(endings).to.deep.equal({});
      expect(requests).to.be.greaterThan(500);
      expect(await stack.replicas('product-api')).to.deep.equal(apis);
    });

    it('let new connections to the database in', async () => {
      const [database] = await stack.replicas('database');
      await docker('exec', database!, 'psql', '-qAtU', 'postgres', '-c', endConnections);
      await eventually(5, 'answers', async () => (await fetch(`${stack.url}/api/products`)).ok);
    });

    it('are refused when the key belongs to another, before anything changes', async () => {
      await setSecret('tlsKey', newPair('shop.example').key);
      const { code, output } = await stack.pulumi('preview');
      expect(code).not.to.equal(0);
      expect(output).to.contain(
        `${stack.name}: tlsKey does not belong to tlsCertificate. Run: pulumi config set`,
      );
      for (const setting of ['tlsCertificate', 'tlsKey']) await stack.pulumiOk('config', 'rm', setting);
    });
  });

  describe('options', () => {
    before(async () => {
      await stack.configure({ redirectHttp: 'true', hsts: '3600', hosts: 'shop.example', rateLimit: '20' });
      await stack.upOk();
      await eventually(10, 'the reload', async () => (await asShop('/')).status === 308);
    });

    it('redirectHttp: answers http with the same address on https', async () => {
      const { status, headers } = await asShop('/products?search=a%20b');
      expect([status, headers['location']]).to.deep.equal([
        308,
        `https://shop.example:${stack.httpsPort}/products?search=a%20b`,
      ]);
    });

    it('hsts: tells browsers to stay on https', async () => {
      const { headers } = await asShop('/', true);
      expect(headers['strict-transport-security']).to.equal('max-age=3600');
    });

    it('hosts: knows no other name', async () => {
      expect((await fetchHttps(stack.url, { host: 'other.example' })).status).to.equal(421);
      const refused = await handshake(stack.httpsPort, { host: 'other.example' }).catch(
        (error: Error) => error,
      );
      expect(refused).to.be.an('error');
      expect((await handshake(stack.httpsPort, { host: 'shop.example' })).names).to.contain(
        'DNS:shop.example',
      );
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
  });

  const endConnections = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'product_app'`;

  function readPassword(container: string): Promise<string> {
    return docker('exec', container, 'cat', '/run/secrets/database-app-password');
  }

  function asShop(path: string, https = false) {
    return fetchHttps((https ? stack.httpsUrl : stack.url) + path, { host: 'shop.example' });
  }

  async function setSecret(key: string, value: string): Promise<void> {
    await stack.pulumiOk('config', 'set', '--secret', key, '--', value);
  }

  async function isLetIn(password: string): Promise<boolean> {
    const [database] = await stack.replicas('database');
    const ask =
      'PGPASSWORD=$1 psql -h $(hostname -i | cut -d" " -f1) -U product_app -d product -c "SELECT 1"';
    return (await run('docker', ['exec', database!, 'sh', '-c', ask, 'sh', password])).code === 0;
  }
});

/** Sends text as it is: clients like fetch mend paths before they send them. */
function raw(port: number, text: string): Promise<{ statusLine: string }> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connectPlain(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (chunk) => (answer += chunk.toString())).on('error', reject);
    socket.on('end', () => resolve({ statusLine: answer.split('\r\n')[0]! }));
  });
}
