import { expect } from 'chai';
import metrics from '../../nginx/metrics/metrics.js';

/** nginx's shared dictionary, as far as metrics.js uses it. */
class Zone {
  private readonly map = new Map<string, number>();
  incr = (key: string, by: number, start: number) =>
    void this.map.set(key, (this.map.get(key) ?? start) + by);
  has = (key: string) => this.map.has(key);
  add = (key: string, value: number) => void this.map.set(key, value);
  size = () => this.map.size;
  items = () => [...this.map];
}

interface Seen {
  readonly uri?: string;
  readonly method?: string;
  readonly status?: string;
  readonly seconds?: string;
  readonly tried?: string;
}

function count({
  uri,
  method = 'GET',
  status = '200',
  seconds = '0.004',
  tried = '10.0.0.1:80',
}: Seen): void {
  const variables = {
    status,
    ...(uri !== undefined && { request_uri: uri }),
    request_time: seconds,
    upstream_addr: tried,
    upstream: 'product-api',
  };
  const said = metrics.count({ method, variables, error: (text: string) => expect.fail(text) });
  expect(said, 'what the access log is told').to.equal('');
}

function shown(pattern: RegExp): string[] {
  let text = '';
  metrics.show({
    headersOut: {},
    variables: { connections_active: '1' },
    return: (_: number, body: string) => (text = body),
  });
  return text.split('\n').filter((line) => pattern.test(line));
}

describe("nginx's metrics", () => {
  let zone: Zone;
  beforeEach(() => {
    zone = new Zone();
    (globalThis as unknown as { ngx: unknown }).ngx = { shared: { metrics: zone } };
  });

  const routes: [uri: string, route: string][] = [
    ['/', '/'],
    ['/api/products?limit=5', '/api/products'],
    ['/api/products/0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b', '/api/products/:id'],
    ['/products/17/edit', '/products/:id/edit'],
    ['/assets/site-Ab3dE6gh.css', '/assets/site-:hash.css'],
    ['/a/b/c/d/e/f', '/a/b/c/d'],
    ['/"}evil{x="1', '/__evil_x__1'],
    [`/${'x'.repeat(500)}`, `/${'x'.repeat(60)}`],
  ];
  for (const [uri, route] of routes)
    it(`counts ${uri.slice(0, 60)} as ${route.slice(0, 60)}`, () => {
      count({ uri });
      expect(shown(/^nginx_http_requests_total/)).to.deep.equal([
        `nginx_http_requests_total{method="GET",route="${route}",status="200"} 1`,
      ]);
    });

  it('has one route for all that is not there, and one method for all that nobody knows', () => {
    count({ uri: '/x', status: '404' });
    count({ uri: '/y', status: '404', method: 'BREW' });
    expect(shown(/^nginx_http_requests_total/)).to.deep.equal([
      'nginx_http_requests_total{method="GET",route="(not found)",status="404"} 1',
      'nginx_http_requests_total{method="other",route="(not found)",status="404"} 1',
    ]);
  });

  const refused: [what: string, seen: Seen, route: string][] = [
    ['what nginx sends to https', { uri: '/x', status: '308', tried: '' }, '(refused)'],
    ['what comes too often', { uri: '/x', status: '429', tried: '' }, '(refused)'],
    ['what is no request at all', { status: '400', tried: '' }, '(refused)'],
    ['a failure of what nobody has seen', { uri: '/x', status: '502', tried: '10.0.0.1:80' }, 'other'],
    ['a redirect of the product', { uri: '/x', status: '303', tried: '10.0.0.1:80' }, '/x'],
  ];
  for (const [what, seen, route] of refused)
    it(`counts ${what} as ${route}`, () => {
      count(seen);
      expect(shown(/^nginx_http_requests_total/)[0]).to.contain(`route="${route}"`);
    });

  it('counts failures of a route that has worked', () => {
    count({ uri: '/a' });
    count({ uri: '/a', status: '502', tried: '10.0.0.1:80' });
    expect(shown(/502/)).to.deep.equal(['nginx_http_requests_total{method="GET",route="/a",status="502"} 1']);
  });

  it('keeps to a number of counters, however known routes are asked', () => {
    for (let i = 0; i < 4000; i++)
      count({ uri: `/name-${i % 900}x`, status: String(200 + (i % 90)), method: i % 2 ? 'GET' : 'PUT' });
    expect(zone.size()).to.be.below(7000);
  });

  it('keeps to a number of routes, whatever is asked for', () => {
    for (let i = 0; i < 3000; i++) count({ uri: `/name-${'abcdefghij'[i % 10]}${i}x` });
    const lines = shown(/^nginx_http_requests_total/);
    expect(lines).to.have.length.below(1100);
    expect(lines.join('\n')).to.contain('route="other"');
  });

  it('is a histogram as Prometheus reads it', () => {
    for (const seconds of ['0.004', '0.030', '99.000']) count({ uri: '/', seconds });
    const buckets = shown(/_bucket/).map((line) => Number(line.split(' ').at(-1)));
    expect(buckets).to.deep.equal([1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3]);
    expect(shown(/duration_seconds_(count|sum)/).sort()).to.deep.equal([
      'nginx_http_request_duration_seconds_count{method="GET",route="/"} 3',
      'nginx_http_request_duration_seconds_sum{method="GET",route="/"} 99.034',
    ]);
  });

  const tries: [tried: string, retries: string[]][] = [
    ['', []],
    ['10.0.0.1:80', []],
    ['10.0.0.1:80, 10.0.0.2:80', ['1']],
    ['10.0.0.1:80, 10.0.0.2:80 : 10.0.0.3:80', ['2']],
  ];
  for (const [tried, retries] of tries)
    it(`counts the retries of "${tried}"`, () => {
      count({ uri: '/', tried });
      expect(shown(/^nginx_upstream_retries_total/)).to.deep.equal(
        retries.map((many) => `nginx_upstream_retries_total{upstream="product-api"} ${many}`),
      );
    });
});
