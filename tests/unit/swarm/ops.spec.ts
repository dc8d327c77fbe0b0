import { expect } from 'chai';
import type { Task } from '../../../engine/swarm/tasks.ts';
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
