import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import tls from 'node:tls';

// These tests look at the certificate themselves; it is self-signed.
const trusting = { rejectUnauthorized: false };

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** GET by http or https, follows nothing; `host` is asked for by name, in the handshake and in the request. */
export function fetchHttps(url: string, { host = '127.0.0.1' } = {}): Promise<Answer> {
  const { get } = url.startsWith('https:') ? https : http;
  const options = { ...trusting, agent: false as const, headers: { host } };
  return new Promise((resolve, reject) => {
    get(
      url,
      host === '127.0.0.1' ? options : ({ ...options, servername: host } as https.RequestOptions),
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      },
    ).on('error', reject);
  });
}

/** One TLS handshake: what was agreed, and the names in the certificate. */
export function handshake(
  port: number,
  { host, version }: { host?: string; version?: tls.SecureVersion },
): Promise<{ protocol: string | null; alpn: string | false | null; names: string | undefined }> {
  const versions = version && { minVersion: version, maxVersion: version };
  const options = {
    ...trusting,
    ...versions,
    ...(host && { servername: host }),
    ALPNProtocols: ['h2', 'http/1.1'],
  };
  return new Promise((resolve, reject) => {
    const socket = tls.connect(port, '127.0.0.1', options, () => {
      const names = socket.getPeerCertificate().subjectaltname;
      resolve({ protocol: socket.getProtocol(), alpn: socket.alpnProtocol, names });
      socket.destroy();
    });
    socket.on('error', reject);
  });
}
