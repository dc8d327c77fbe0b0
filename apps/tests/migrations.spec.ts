import { expect } from 'chai';
import { differences } from '../migrate/runner.ts';

const list = (...entries: string[]) =>
  entries.map((entry) => ({ name: `${entry.slice(0, 4)}-x.sql`, checksum: entry.slice(5) || 'a' }));

describe('migrations', () => {
  const cases: [what: string, files: string[], applied: string[], problems: string[]][] = [
    ['nothing at all', [], [], []],
    ['a new database', ['0001', '0002'], [], []],
    ['nothing new', ['0001', '0002'], ['0001', '0002'], []],
    ['a new release', ['0001', '0002', '0003'], ['0001', '0002'], []],
    ['an older release that is put back', ['0001'], ['0001', '0002'], []],
    [
      'changed files, all of them',
      ['0001=b', '0002', '0003=b'],
      ['0001', '0002', '0003'],
      [
        '0001-x.sql was changed after it was applied: restore it and put the change into a new file',
        '0003-x.sql was changed after it was applied: restore it and put the change into a new file',
      ],
    ],
    [
      'a missing file',
      ['0002', '0003'],
      ['0001', '0002'],
      ['0001-x.sql was applied to this database and is missing here: restore it'],
    ],
    [
      'a new file that comes too late',
      ['0001', '0002', '0003'],
      ['0001', '0003'],
      ['0002-x.sql comes before 0003-x.sql, which is applied: give it a higher number'],
    ],
  ];
  for (const [what, files, applied, problems] of cases) {
    it(`${what}: ${problems.length ? 'refused' : 'fine'}`, () =>
      expect(differences(list(...files), list(...applied))).to.deep.equal(problems));
  }
});
