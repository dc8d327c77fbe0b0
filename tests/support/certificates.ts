import { execFileSync } from 'node:child_process';

/** Runs openssl. */
export function openssl(input: string, ...args: string[]): string {
  return execFileSync('openssl', args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] });
}

/** A new self-signed certificate for ten days, and its key. */
export function newPair(host: string): { certificate: string; key: string } {
  const algorithm = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '-'];
  const names = [
    '-subj',
    `/CN=${host}`,
    '-addext',
    `subjectAltName=${/^[\d.]+$/.test(host) ? 'IP' : 'DNS'}:${host}`,
    '-days',
    '10',
  ];
  const both = openssl('', 'req', '-x509', ...algorithm, ...names);
  const [certificate = '', key = ''] = [
    /-+BEGIN CERT[^]+?END CERTIFICATE-+\n/,
    /-+BEGIN PRIV[^]+?END PRIVATE KEY-+\n/,
  ].map((pattern) => pattern.exec(both)?.[0]);
  return { certificate, key };
}
