import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';

/**
 * What is wrong with a certificate and its key, a line each; empty when edge can serve them.
 * @param now milliseconds since 1970.
 */
export function certificateProblems(certificate: string, key: string, now: number): string[] {
  const parsed = read(() => new X509Certificate(certificate));
  const privateKey = read(() => createPrivateKey(key));
  return [
    ...(parsed ? [] : ['tlsCertificate cannot be read: it is not a certificate in PEM']),
    ...(privateKey ? [] : ['tlsKey cannot be read: it is not a private key in PEM, or it has a passphrase']),
    ...(parsed ? dates(parsed, now) : []),
    ...(parsed && privateKey ? pair(parsed, privateKey) : []),
  ];
}

/** Whether `text` is a certificate in PEM that can be read. */
export function isCertificate(text: string): boolean {
  return read(() => new X509Certificate(text)) !== undefined;
}

function dates({ validFrom, validTo }: X509Certificate, now: number): string[] {
  if (now > Date.parse(validTo)) return [`tlsCertificate has expired on ${validTo}`];
  return now < Date.parse(validFrom) ? [`tlsCertificate is not valid before ${validFrom}`] : [];
}

function pair(certificate: X509Certificate, key: KeyObject): string[] {
  return certificate.checkPrivateKey(key) ? [] : ['tlsKey does not belong to tlsCertificate'];
}

function read<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
