import http from 'node:http';
import https from 'node:https';

/** Gets a path of the product. @throws Error when it does not answer with 200. */
export type FetchPage = (path: string) => Promise<string>;

/** Asks at `url`, by the name `host` where edge answers to certain names only. Whether a browser trusts the certificate is not asked. */
export function webPage(url: string, host?: string): FetchPage {
  const options = {
    timeout: 10_000,
    rejectUnauthorized: false,
    ...(host && { headers: { host }, servername: host }),
  };
  const { request } = url.startsWith('https:') ? https : http;
  return (path) =>
    new Promise((resolve, reject) => {
      const asked = request(new URL(path, url), options, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        answer.on('end', () =>
          answer.statusCode === 200
            ? resolve(Buffer.concat(chunks).toString())
            : reject(new Error(`answered ${answer.statusCode}`)),
        );
      });
      asked.on('timeout', () => asked.destroy(new Error('no answer in 10 s')));
      asked.on('error', reject).end();
    });
}

/** What each page must have in it: one for every way through the product. */
const pages: readonly [path: string, contains: RegExp][] = [
  ['/', /<html/i],
  ['/api/products?limit=1', /"items":/],
  ['/api/openapi.json', /"openapi":/],
];

/** @returns what is wrong, a line each; `tell` hears of what is right. */
export async function smoke(fetchPage: FetchPage, tell: (line: string) => void): Promise<string[]> {
  const failures: string[] = [];
  for (const [path, contains] of pages) {
    const begun = performance.now();
    const said = await fetchPage(path).then(
      (text) => (contains.test(text) ? undefined : `has no ${contains.source} in it`),
      (error: Error) => error.message,
    );
    if (said === undefined) tell(`${path} is right (${Math.round(performance.now() - begun)} ms)`);
    else failures.push(`${path}: ${said}`);
  }
  return failures;
}
