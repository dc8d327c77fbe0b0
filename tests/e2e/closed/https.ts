import { expect } from 'chai';
import { fetchHttps, handshake } from '../support/https.ts';
import type { TestStack } from '../support/test-stack.ts';

/** What edge speaks on its https port. */
export function https(stack: TestStack): void {
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
}
