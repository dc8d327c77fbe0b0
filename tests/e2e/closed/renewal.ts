import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { newPair } from '../../support/certificates.ts';
import { sleep } from '../support/fault.ts';
import { handshake } from '../support/https.ts';
import { Load } from '../support/load.ts';
import { docker, eventually, run } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

const endConnections = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'product_app'`;

/** The user's own certificate, and another password, while users are at work. */
export function renewal(stack: TestStack): void {
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
    const { code, output } = await stack.run('npm', 'run', 'rotate-db-password', '--', stack.name);
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

  function readPassword(container: string): Promise<string> {
    return docker('exec', container, 'cat', '/run/secrets/database-app-password');
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
}
