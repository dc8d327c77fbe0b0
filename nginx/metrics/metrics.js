// The metrics of an nginx: requests, status and seconds by route, upstream retries, connections, the certificate's end.
// njs knows neither destructuring nor spread: https://nginx.org/en/docs/njs/compatibility.html
/* global ngx, Buffer */
import fs from 'fs';

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const certificate = '/run/secrets/edge-certificate';

const types = [
  '# TYPE nginx_http_requests_total counter',
  '# TYPE nginx_upstream_retries_total counter',
  '# TYPE nginx_http_request_duration_seconds histogram',
];

// Whoever asks for ever new addresses must not fill the memory: so many counters, then new routes are "other", and then everything.
const mostCounters = 4000;

function count(r) {
  try {
    countRequest(r.variables, r.method);
  } catch (error) {
    r.error(`metrics: ${error.message}`);
  }
  return '';
}

function countRequest(v, asked) {
  const zone = ngx.shared.metrics;
  const method = methods.includes(asked) ? asked : 'other';
  const status = v.status;
  const labels = labelsOf(zone, method, routeFor(zone, v));
  const took = Number(v.request_time);
  zone.incr(`nginx_http_requests_total{${labels},status="${status}"}`, 1, 0);
  zone.incr(`bucket ${bucketOf(took)} ${labels}`, 1, 0);
  zone.incr(`nginx_http_request_duration_seconds_sum{${labels}}`, took, 0);
  const attempts = (v.upstream_addr || '').split(/, | : /).length - 1;
  if (attempts > 0) zone.incr(`nginx_upstream_retries_total{upstream="${v.upstream}"}`, attempts, 0);
}

/**
 * What is counted as a route must be one that the product has, or whoever asks at random would crowd out the real ones: nothing
 * that nginx refused or sent elsewhere by itself, and nothing new while answers fail.
 */
function routeFor(zone, v) {
  if (v.status === '404') return '(not found)';
  if (!v.upstream_addr && Number(v.status) >= 300 && v.status !== '304') return '(refused)';
  return known(zone, routeOf(v.request_uri || ''), Number(v.status) < 500);
}

function labelsOf(zone, method, route) {
  const isFull = zone.size() > 1.5 * mostCounters;
  return isFull ? 'method="other",route="other"' : `method="${method}",route="${route}"`;
}

/** A path without what differs from one thing to the next: /api/products/0190…/x → /api/products/:id/x, four steps at most. */
function routeOf(uri) {
  const steps = uri.split('?')[0].split('/').slice(1, 5);
  return `/${steps.map((step) => (/^([0-9a-f-]{16,}|\d+)$/i.test(step) ? ':id' : plain(step))).join('/')}`;
}

/** A file's hash differs from release to release. */
function plain(step) {
  return step
    .replace(/[.-][0-9a-zA-Z_-]{8,}(\.[a-z0-9]+)$/, '-:hash$1')
    .replace(/[^\w.:~-]/g, '_')
    .slice(0, 60);
}

function known(zone, route, mayBeNew) {
  const key = `route ${route}`;
  if (zone.has(key)) return route;
  if (!mayBeNew || zone.size() > mostCounters) return 'other';
  zone.add(key, 1);
  return route;
}

function bucketOf(took) {
  const index = seconds.findIndex((limit) => took <= limit);
  return index < 0 ? seconds.length : index;
}

function show(r) {
  const items = ngx.shared.metrics.items(100000);
  const counters = items
    .filter((item) => item[0].startsWith('nginx_'))
    .map((item) => `${item[0]} ${item[1]}`);
  const lines = types.concat(counters.sort(), histogram(items), gauges(r.variables));
  r.headersOut['Content-Type'] = 'text/plain; version=0.0.4';
  r.return(200, `${lines.join('\n')}\n`);
}

/** Prometheus wants each bucket to hold all that was quicker as well. */
function histogram(items) {
  const routes = {};
  items.forEach((item) => {
    const found = /^bucket (\d+) (.*)$/.exec(item[0]);
    if (!found) return;
    routes[found[2]] = routes[found[2]] || {};
    routes[found[2]][found[1]] = item[1];
  });
  return Object.keys(routes)
    .sort()
    .reduce((lines, labels) => lines.concat(buckets(labels, routes[labels])), []);
}

function buckets(labels, counts) {
  let total = 0;
  const name = 'nginx_http_request_duration_seconds';
  const lines = seconds.concat('+Inf').map((limit, index) => {
    total += counts[index] || 0;
    return `${name}_bucket{${labels},le="${limit}"} ${total}`;
  });
  return lines.concat(`${name}_count{${labels}} ${total}`);
}

function gauges(v) {
  const connections = ['active', 'reading', 'writing', 'waiting'].map(
    (state) => `nginx_connections_${state} ${v[`connections_${state}`]}`,
  );
  const end = certificateEnd();
  return ['nginx_up 1'].concat(connections, end ? [`nginx_certificate_not_after_seconds ${end}`] : []);
}

/** The second of the two times in an X.509 certificate's validity (RFC 5280, 4.1.2.5), in seconds since 1970. */
function certificateEnd() {
  const pem = read(certificate);
  const der = pem && /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END/.exec(pem);
  if (!der) return undefined;
  const bytes = Buffer.from(der[1].replace(/\s/g, ''), 'base64').toString('hex');
  const times =
    /^(?:..)*?(?:170d(?:3\d){12}|180f(?:3\d){14})5a(?:170d((?:3\d){12})|180f((?:3\d){14}))5a/.exec(bytes);
  if (!times) return undefined;
  const end = (times[2] || times[1]).replace(/3(\d)/g, '$1');
  // Two digits of a year: RFC 5280 puts the century's turn at 50.
  return toSeconds(end.length === 14 ? end : (Number(end.slice(0, 2)) < 50 ? '20' : '19') + end);
}

/** Seconds since 1970 of a time like 20301231235959. */
function toSeconds(text) {
  const parts = /^(....)(..)(..)(..)(..)(..)$/.exec(text).slice(1).map(Number);
  return Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]) / 1000;
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    // gateway has none.
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

export default { count, show };
