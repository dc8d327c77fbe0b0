import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Task } from '../../../engine/swarm/tasks.ts';
import { firingAlertsAt } from '../../../ops/firing-alerts.ts';
import { parseTaskLine } from '../../../ops/swarm-logs.ts';
import { newest } from '../../../ops/swarm-tasks.ts';

const id = 'w7d988bmfs6uqq0rsavvpyq3b';

function task(place: { Slot?: number; NodeID?: string }, State: string): Task {
  return { ID: id, CreatedAt: '', DesiredState: '', ...place, Status: { State, Timestamp: '' } };
}

describe('what a Swarm says', () => {
  const lines: [string, string, string, string][] = [
    [
      'product-api',
      `2026-11-25T03:00:00.1Z p-product-api-2dd77cc.3.${id}@n2    | {"level":30}`,
      'product-api.3@n2',
      '{"level":30}',
    ],
    ['edge', `2026-11-25T03:00:00.1Z p-edge.0.${id}@n3    | a | b`, 'edge@n3', 'a | b'],
    ['edge', `2026-11-25T03:00:00.1Z p-edge.0.${id}@node1.example.com | `, 'edge@node1.example.com', ''],
  ];
  for (const [service, line, source, text] of lines)
    it(`in a log of ${source}`, () =>
      expect(parseTaskLine(service, line)).to.deep.equal({ source, time: '2026-11-25T03:00:00.1Z', text }));

  it('of a place is its newest task, and how many failed before', () => {
    const tasks = [
      task({ Slot: 1 }, 'running'),
      task({ Slot: 1 }, 'failed'),
      task({ Slot: 1 }, 'shutdown'),
      task({ NodeID: 'n1' }, 'pending'),
      task({ NodeID: 'n2' }, 'running'),
    ];
    expect(newest(tasks).map(({ task: { Status }, before }) => [Status.State, before])).to.deep.equal([
      ['running', 1],
      ['pending', 0],
      ['running', 0],
    ]);
  });
});

describe('the alerts of a Swarm', () => {
  const labels = { alertname: 'BackupFailed', severity: 'critical' };
  const firing = { state: 'firing', labels, annotations: { summary: 'it failed', do: 'Make one.' } };
  let server: Server;
  let answer: { status: number; text: string };
  before((done) => {
    server = createServer((_, response) => response.writeHead(answer.status).end(answer.text)).listen(
      0,
      done,
    );
  });
  after(() => server.close());

  const cases: [what: string, status: number, text: string, severity: string, alerts: string[]][] = [
    ['that fire', 200, JSON.stringify({ data: { alerts: [firing] } }), 'critical', ['BackupFailed']],
    ['when none does', 200, JSON.stringify({ data: { alerts: [] } }), '', []],
    ['when what evaluates them is away', 502, 'vmalert does not answer', 'warning', ['AlertsUnseen']],
  ];
  for (const [what, status, text, severity, alerts] of cases)
    it(`${what}: ${alerts.join() || 'nothing'}`, async () => {
      answer = { status, text };
      const seen = await firingAlertsAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      expect(seen.map((one) => one.alert)).to.deep.equal(alerts);
      for (const one of seen) expect(one.severity).to.equal(severity);
    });

  it('say where nobody answers, and are no reason to call the stack unwell', async () => {
    const [one] = await firingAlertsAt('http://127.0.0.1:1');
    expect(one).to.include({ severity: 'warning' });
    expect(one!.summary).to.equal(
      'whether alerts fire cannot be seen, as http://127.0.0.1:1 does not answer here',
    );
  });
});
