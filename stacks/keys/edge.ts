import { flag, hostNames, hostPort, ipv4Address, pem, whole } from '../setting-kinds.ts';
import { key } from './key.ts';

/** Where users come in. */
export const edgeKeys = {
  bindAddress: key(ipv4Address(), '127.0.0.1', 'host address that edge listens on', 'replaces edge'),
  httpPort: key(hostPort(8080), 8080, 'host port for http', 'replaces edge'),
  httpsPort: key(hostPort(8443), 8443, 'host port for https', 'replaces edge'),
  tlsCertificate: key(
    pem('CERTIFICATE', './certificate.pem'),
    undefined,
    'your own certificate, with what leads to its root; else one is self-signed',
    'reloads edge',
  ),
  tlsKey: key(
    pem('(EC |RSA )?PRIVATE KEY', '--secret <key.pem'),
    undefined,
    "your certificate's private key; as text it must be a secret",
    'reloads edge',
  ),
  redirectHttp: key(flag(), false, 'answer http with a redirect to https', 'reloads edge'),
  hsts: key(
    whole(0, 63_072_000, 31_536_000),
    0,
    'seconds for which browsers must stay on https; 0 is off',
    'reloads edge',
  ),
  hosts: key(
    hostNames(),
    [],
    'host names that edge answers to, and that a self-signed certificate is for; none: every name',
    'reloads edge',
  ),
  rateLimit: key(
    whole(0, 100_000, 50),
    0,
    'requests per second that one client address may send; 0 is off',
    'reloads edge',
  ),
  edgeCacheSeconds: key(
    whole(0, 60, 5),
    0,
    'how old an answer of the API to a read may be that edge gives to everybody, 2 or more; 0 is off',
    'reloads edge',
  ),
} as const;
