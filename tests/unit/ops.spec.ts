import { expect } from 'chai';
import {
  clockFinding,
  diskFinding,
  findingsText,
  nodeFinding,
  proxyFinding,
  removedFinding,
  stateFinding,
  type Finding,
} from '../../ops/findings.ts';
import { short } from '../../ops/follow-logs.ts';
import { isAbout, parseLine, readable } from '../../ops/log-lines.ts';
import type { StackContainer } from '../../ops/stack-containers.ts';
import { parseAlerts } from '../../ops/firing-alerts.ts';
import { statusOf, statusText } from '../../ops/status.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';

// eslint-disable-next-line no-control-regex
const plain = (text: string) => text.replace(/\u001b\[\d+m/g, '');

describe('doctor', () => {
  const gib = 2 ** 30;
  const cases: [Finding, verdict: Finding['verdict'], seen: string, mend?: string][] = [
    [nodeFinding('v20.19.0'), 'good', 'v20.19.0'],
    [nodeFinding('v24.1.0'), 'good', 'v24.1.0'],
    [
      nodeFinding('v20.18.9'),
      'wrong',
      'v20.18.9 is too old',
      'Install Node.js 20.19 or newer: https://nodejs.org',
    ],
    [clockFinding(-4000), 'good', 'the engine agrees with this machine'],
    [
      clockFinding(-61_000),
      'odd',
      'the engine is 61 s behind',
      'Set the time on both by NTP: timedatectl set-ntp true',
    ],
    [diskFinding(20 * gib), 'good', '20.0 GiB free'],
    [diskFinding(2 * gib), 'odd', '2.0 GiB free', 'Remove images that nothing uses: docker image prune'],
    [diskFinding(gib / 2), 'wrong', '0.5 GiB free', 'Remove images that nothing uses: docker image prune'],
    [diskFinding(undefined), 'good', 'on another machine, not looked at'],
    [proxyFinding({}), 'good', 'none'],
    [
      proxyFinding({ HTTPS_PROXY: 'http://me:secret@proxy:3128' }),
      'odd',
      'http://…@proxy:3128',
      'If downloads fail with a certificate error: export NODE_EXTRA_CA_CERTS=/path/to/proxy-ca.pem',
    ],
    [
      proxyFinding({ https_proxy: 'http://proxy:3128', NODE_EXTRA_CA_CERTS: '/ca.pem' }),
      'good',
      'http://proxy:3128, with its own certificate authority',
    ],
    [stateFinding({ locks: [], pending: 0 }), 'good', 'not locked, nothing half done'],
    [
      stateFinding({ locks: ['anna@laptop (process 7)'], pending: 0 }),
      'wrong',
      'locked by anna@laptop (process 7)',
      'Wait for that command; if its process is gone: pulumi cancel',
    ],
    [
      stateFinding({ locks: [], pending: 1 }),
      'odd',
      'an up ended in the middle of 1 operation',
      'Run: pulumi refresh --clear-pending-creates, then pulumi up',
    ],
    [removedFinding([]), 'good', 'all that Pulumi made are there'],
    [removedFinding(['edge-1']), 'wrong', 'removed by hand: edge-1', 'Run: pulumi refresh, then pulumi up'],
  ];
  for (const [finding, verdict, seen, mend = ''] of cases)
    it(`${finding.about}: ${seen}`, () =>
      expect([finding.verdict, finding.seen, finding.mend]).to.deep.equal([verdict, seen, mend]));

  it('writes a line each, and under what is not good the way to mend it', () => {
    const text = findingsText([nodeFinding('v24.1.0'), diskFinding(0)]);
    expect(plain(text).split('\n')).to.deep.equal([
      'ok  Node.js  v24.1.0',
      'no  disk     0.0 GiB free',
      '             Remove images that nothing uses: docker image prune',
    ]);
  });
});

describe('status', () => {
  const topology = productTopology(parseSettings('unit', { replicas: '2', storefrontReplicas: '1' }));
  const container = (service: string, more: Partial<StackContainer> = {}): StackContainer => ({
    id: 'x',
    name: `${service}-1-abcdef0`,
    service,
    role: 'replica',
    state: 'running',
    health: 'healthy',
    restarts: 0,
    outOfMemory: false,
    image: `product-stack-unit/${service}:1`,
    started: '2026-01-02T03:04:05.678Z',
    ...more,
  });
  const all = [...topology.services.map(({ name }) => container(name)), container('product-api')];

  it('is well when everything runs and is healthy', () => {
    const { well, services } = statusOf(topology, all, []);
    expect(well).to.equal(true);
    expect(services[3]).to.deep.equal({
      service: 'product-api',
      wanted: 2,
      running: 2,
      health: 'healthy',
      version: 'product-api:1',
      restarts: 0,
      since: '2026-01-02T03:04:05Z',
    });
  });

  const ill: [title: string, StackContainer[], service: string, health: string][] = [
    ['a service is missing', all.filter(({ service }) => service !== 'edge'), 'edge', 'none'],
    [
      'a replica is unhealthy',
      [...all.slice(1), container('edge', { health: 'unhealthy' })],
      'edge',
      '1 unhealthy',
    ],
    [
      'a replica was killed for want of memory',
      [...all.slice(1), container('edge', { state: 'exited', outOfMemory: true })],
      'edge',
      '1 out of memory',
    ],
    ['a replica is too few', all.slice(0, -1), 'product-api', 'healthy'],
  ];
  for (const [title, containers, service, health] of ill)
    it(`is not well when ${title}`, () => {
      const status = statusOf(topology, containers, []);
      expect(status.well).to.equal(false);
      expect(status.services.find((one) => one.service === service)?.health).to.equal(health);
    });

  const listed = (name: string, severity: string, state = 'firing') => ({
    state,
    labels: { alertname: name, severity },
    annotations: { summary: `${name} is so`, do: 'Mend it.' },
  });
  const answer = JSON.stringify({
    data: { alerts: [listed('A', 'warning'), listed('B', 'critical'), listed('C', 'critical', 'pending')] },
  });

  it('shows alerts that fire, critical ones first, with what to do', () => {
    const status = statusOf(topology, all, [], parseAlerts(answer));
    expect(plain(statusText(status)).split('\n').slice(0, 3)).to.deep.equal([
      'unit: not well   http://127.0.0.1:8080   https://127.0.0.1:8443',
      'critical: B is so. Mend it.',
      'warning: A is so. Mend it.',
    ]);
  });

  it('is well with a warning, and without metrics', () => {
    const warning = JSON.stringify({ data: { alerts: [listed('A', 'warning')] } });
    expect(statusOf(topology, all, [], parseAlerts(warning)).well).to.equal(true);
    expect(parseAlerts('{}')).to.deep.equal([]);
  });

  it('fits on a screen', () => {
    const text = plain(
      statusText(statusOf(topology, all, [{ volume: 'product-stack-unit-database-data', size: '48MB' }])),
    );
    const lines = text.split('\n');
    expect(lines[0]).to.equal('unit: all well   http://127.0.0.1:8080   https://127.0.0.1:8443');
    expect(lines[2]).to.match(/^service +running +health +version +restarts +since$/);
    expect(lines.at(-1)).to.equal('volume product-stack-unit-database-data: 48MB');
    expect(lines.length).to.be.lessThan(25);
  });
});

describe('logs', () => {
  const cases: [text: string, shown: string][] = [
    ['plain text', 'plain text'],
    ['{not json', '{not json'],
    ['{"level":30,"msg":"listening"}', 'listening'],
    ['{"level":50,"err":{"message":"boom"},"msg":"failed"}', 'error failed boom'],
    [
      '{"level":30,"reqId":"r-1","method":"GET","url":"/x","status":200,"ms":1.5}',
      'GET /x 200 1.5 ms reqId=r-1',
    ],
    [
      '{"time":"t","reqId":"r-1","method":"GET","url":"/x","status":503,"seconds":0.25}',
      'GET /x 503 250 ms reqId=r-1',
    ],
  ];
  for (const [text, shown] of cases) it(text, () => expect(plain(readable(text))).to.equal(shown));

  it('splits time and text, and finds a request by its id', () => {
    const line = parseLine('edge-1', '2026-01-02T03:04:05.678Z {"reqId":"r-1"}');
    expect(line).to.deep.equal({
      source: 'edge-1',
      time: '2026-01-02T03:04:05.678Z',
      text: '{"reqId":"r-1"}',
    });
    expect([isAbout(line, undefined), isAbout(line, 'r-1'), isAbout(line, 'r-2')]).to.deep.equal([
      true,
      true,
      false,
    ]);
  });

  it('names replicas without what makes them unique', () => {
    expect(['product-api-2-3f9ab12', 'migrate-0123abc'].map(short)).to.deep.equal([
      'product-api-2',
      'migrate',
    ]);
  });
});
