import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type Server } from 'node:tls';
import { expect } from 'chai';
import { databaseTls, type DatabaseTls } from '../../apps/kit/database-tls.ts';
import { newPair } from '../support/certificates.ts';

describe('databaseTls', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-tls-'));
  const here = newPair('127.0.0.1');
  const elsewhere = newPair('127.0.0.9');
  const servers: Server[] = [];
  after(() => {
    for (const server of servers) server.close();
    rmSync(folder, { recursive: true });
  });

  const cases: [
    what: string,
    server: typeof here,
    ca: string | undefined,
    DatabaseTls['sslmode'],
    said: string,
  ][] = [
    ['the right server', here, here.certificate, 'verify-full', 'connected'],
    ['the right server', here, here.certificate, 'verify-ca', 'connected'],
    ['a server that nobody vouches for', here, undefined, 'verify-full', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    [
      'a server that somebody else vouches for',
      here,
      elsewhere.certificate,
      'verify-full',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ],
    [
      'a server that somebody else vouches for',
      here,
      elsewhere.certificate,
      'verify-ca',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
    ],
    [
      'a server of another name',
      elsewhere,
      elsewhere.certificate,
      'verify-full',
      'ERR_TLS_CERT_ALTNAME_INVALID',
    ],
    ['a server of another name', elsewhere, elsewhere.certificate, 'verify-ca', 'connected'],
  ];
  for (const [what, pair, ca, sslmode, said] of cases) {
    it(`${said === 'connected' ? 'takes' : 'refuses'} ${what} with ${sslmode}`, async () => {
      const caFile = ca && join(folder, 'ca.pem');
      if (caFile) writeFileSync(caFile, ca);
      const options = databaseTls('127.0.0.1', { sslmode, caFile });
      expect(await attempt(await listen(pair), options as object)).to.equal(said);
    });
  }

  it('is nothing where it is disabled', () =>
    expect(databaseTls('x', { sslmode: 'disable' })).to.equal(false));

  function listen({ certificate: cert, key }: typeof here): Promise<number> {
    const server = createServer({ cert, key }, (socket) => socket.end()).on(
      'tlsClientError',
      () => undefined,
    );
    servers.push(server);
    return new Promise((resolve) =>
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
    );
  }
});

function attempt(port: number, options: object): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ ...options, port }, () => {
      socket.destroy();
      resolve('connected');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code!));
  });
}
