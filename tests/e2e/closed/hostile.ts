import { expect } from 'chai';
import { create, exists } from '../support/products.ts';
import { repository } from '../support/checkout.ts';
import { raw } from '../support/raw.ts';
import { run } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

const sql = [
  "' OR 1=1 --",
  "'; DROP TABLE product; --",
  '%27%20UNION%20SELECT%20null--',
  '\\',
  '%',
  '\u0000',
  '$1',
];
const paths = [
  '/assets/../server.js',
  '/assets/%2e%2e/%2e%2e/etc/passwd',
  '/assets/..%2f..%2fetc/passwd',
  '/api/products/..%2f..%2freadyz',
  '/api/products/%00',
  '/products/%2e%2e%2freadyz',
  '//etc/passwd',
  `/${'a'.repeat(9000)}`,
];
const heads = [
  'GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\nInjected: 1',
  'GET /api/products HTTP/1.1\r\nHost: x\r\nX-Request-Id: {"reqId":"forged"}',
  'GET / HTTP/1.1\r\nHost: x\r\nHost: y',
  'GET / HTTP/1.1\r\nHost: x"><script>alert(1)</script>',
  'POST /api/products HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 5',
  'GET / HTTP/9.9\r\nHost: x',
];

/** What people send who mean harm. */
export function hostile(stack: TestStack): void {
  it('the API keeps to its document whatever a fuzzer sends: no 5xx, no undocumented status', async () => {
    const { output: fuzzer } = await run('scripts/schemathesis', [], { cwd: repository });
    const program = fuzzer.trim().split('\n').at(-1)!;
    const { code, output } = await run(
      program,
      [
        ...['run', `${stack.url}/api/openapi.json`, '--url', stack.url, '--seed', '7', '--no-color'],
        // Valid data may be refused, as a sku can be taken; and nginx refuses TRACE itself, without an Allow header.
        ...[
          '--exclude-checks',
          'positive_data_acceptance,unsupported_method',
          '--phases',
          'examples,coverage,fuzzing',
        ],
        ...['--max-examples', '20', '--max-time', '15'],
      ],
      { cwd: stack.folder },
    );
    console.log(`      ${/Test cases:[^]*?\n\n/.exec(output)?.[0].trim().replace(/\s+/g, ' ')}`);
    expect(code, output).to.equal(0);
  });

  it('SQL in a search or a path is text', async () => {
    await create(stack.url, 'HOSTILE-1');
    for (const text of sql) {
      for (const url of [
        `${stack.url}/api/products?search=${encodeURIComponent(text)}`,
        `${stack.url}/?search=${encodeURIComponent(text)}`,
        `${stack.url}/api/products/${encodeURIComponent(text)}`,
        `${stack.url}/products/${encodeURIComponent(text)}`,
      ]) {
        const answer = await fetch(url);
        expect(answer.status, url).to.be.lessThan(500);
        expect(await answer.text(), url).not.to.match(/syntax error|pg_|SELECT .* FROM/);
      }
    }
    expect(await exists(stack.url, 'HOSTILE-1')).to.equal(true);
  });

  it('no path leads out of what is served', async () => {
    for (const path of paths) {
      const { status, text } = await raw(stack.port, `GET ${path} HTTP/1.1\r\nHost: x`);
      expect(status, path).to.be.oneOf([400, 404, 414]);
      expect(text, path).not.to.match(/root:|import \{/);
    }
  });

  it('no header becomes another header, markup or a log line', async () => {
    for (const head of heads) {
      const { status, text } = await raw(stack.port, head);
      expect(status, head).to.be.oneOf([200, 400, 404, 415, 505]);
      expect(text, head).not.to.match(/Injected|<script>|forged/i);
    }
  });
}
