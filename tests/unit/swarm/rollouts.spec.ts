import { expect } from 'chai';
import { isWell, looksNeeded, type Look } from '../../../engine/swarm/rollouts.ts';

const three = { message: '', running: 3, wanted: 3 };
const cases: [what: string, look: Look, well: boolean, needed: number][] = [
  ['new', { ...three, changed: false, update: undefined }, true, 2],
  ['new, with a task that starts', { ...three, running: 2, changed: false, update: undefined }, false, 2],
  ['new, on no node yet', { ...three, running: 0, wanted: 0, changed: false, update: undefined }, false, 2],
  ['changed, and its leader has not begun', { ...three, changed: true, update: undefined }, true, 10],
  ['being changed', { ...three, changed: true, update: 'updating' }, false, 2],
  ['changed', { ...three, changed: true, update: 'completed' }, true, 2],
  ['turned back', { ...three, changed: true, update: 'rollback_completed' }, false, 2],
];

describe('a service of a Swarm', () => {
  for (const [what, look, well, needed] of cases)
    it(`that is ${what}: ${well ? `well when seen ${needed} times in a row` : 'not well'}`, () =>
      expect([isWell(look), looksNeeded(look)]).to.deep.equal([well, needed]));
});
