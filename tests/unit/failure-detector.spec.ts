import { expect } from 'chai';
import { FailureDetector } from '../../engine/deployment-watch.ts';

type Event = [action: string, role: string, more?: Record<string, string>];

function reasons(...events: Event[]): (string | undefined)[] {
  const detector = new FailureDetector();
  return events.map(([Action, role, more = {}]) => {
    const Attributes = { 'product-stack.role': role, 'product-stack.service': 'shop', ...more };
    return detector.see({ Action, Actor: { ID: role, Attributes } })?.reason;
  });
}

const die = (role: string, exitCode: string): Event => ['die', role, { exitCode }];

describe('the deployment watch', () => {
  const cases: [string, Event[], string | undefined][] = [
    ['a job that ends well', [die('job', '0')], undefined],
    ['a job that fails', [die('job', '2')], 'exited with code 2'],
    ['a check that fails', [die('check', '1')], 'exited with code 1'],
    [
      'a candidate that crashes',
      [die('candidate', '7')],
      'its new release exited with code 7 before it was healthy',
    ],
    [
      'a candidate that has done its work',
      [['health_status: healthy', 'candidate'], die('candidate', '143')],
      undefined,
    ],
    [
      'a candidate that Pulumi stops',
      [['kill', 'candidate', { signal: '15' }], die('candidate', '143')],
      undefined,
    ],
    ['a replica that crashes once', [die('replica', '1')], undefined],
    [
      'a replica that used up its restarts',
      Array<Event>(6).fill(die('replica', '1')),
      'exited with code 1 and stays down after 5 restarts',
    ],
    [
      'a replica that Pulumi stops',
      [['kill', 'replica', { signal: '15' }], ...Array<Event>(7).fill(die('replica', '143'))],
      undefined,
    ],
  ];
  for (const [name, events, reason] of cases)
    it(name, () => expect(reasons(...events).at(-1)).to.equal(reason));
});
