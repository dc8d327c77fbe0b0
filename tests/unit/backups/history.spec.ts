import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { baseFor, parseTime } from '../../../backups/history.ts';

describe('a time to go back to', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const taken: [text: string, time: string][] = [
    ['2026-11-24T10:15:00Z', '2026-11-24T10:15:00.000Z'],
    ['2026-11-24 10:15:00.25+01:00', '2026-11-24T09:15:00.250Z'],
    ['2026-11-24T10:15:00-0500', '2026-11-24T15:15:00.000Z'],
  ];
  for (const [text, time] of taken)
    it(`is ${text}`, () => {
      expect(parseTime(text, now + 86_400_000).toISOString()).to.equal(time);
    });

  for (const text of [
    '',
    'yesterday',
    '2026-11-24',
    '2026-11-24T10:15:00',
    '2026-13-24T10:15:00Z',
    "2026-11-24T10:15:00Z'; DROP",
  ])
    it(`is not "${text}"`, () => {
      expect(() => parseTime(text, now)).to.throw(
        `--time must be like 2026-11-24T10:15:00Z, with its zone, got "${text}"`,
      );
    });

  it('has been', () => {
    expect(() => parseTime('2026-11-24T12:00:01Z', now)).to.throw(
      '--time 2026-11-24T12:00:01Z has not been yet',
    );
  });

  const bases = [
    { history: 'database-data-2', name: '2026-11-24T09-00-00Z' },
    { history: 'database-data', name: '2026-11-23T03-00-00Z' },
    { history: 'database-data', name: '2026-11-24T03-00-00Z' },
  ];
  it('starts from the last copy before it, whichever volume that is of', () => {
    const from = (time: string) => baseFor(bases, new Date(time));
    expect(from('2026-11-24T08:59:59Z')).to.equal(bases[2]);
    expect(from('2026-11-24T09:00:00Z')).to.equal(bases[0]);
    expect(() => from('2026-11-22T00:00:00Z')).to.throw(
      'nothing is kept to go back to 2026-11-22T00:00:00.000Z from. The first is of 2026-11-23T03:00:00.000Z',
    );
    expect(() => baseFor([], new Date(0))).to.throw('There is none yet');
  });
});

describe('what is kept to go back in time', () => {
  const root = mkdtempSync(join(tmpdir(), 'product-stack-'));
  after(() => rmSync(root, { recursive: true }));

  it('is the copies of so many days and the one before them, and the log from there on', () => {
    const folder = (name: string) => join(root, name);
    const daysAgo = (path: string, days: number) =>
      utimesSync(path, Date.now() / 1000 - days * 86_400, Date.now() / 1000 - days * 86_400);
    for (const days of [1, 2, 3, 4]) {
      mkdirSync(folder(`live/base/2026-01-0${9 - days}`), { recursive: true });
      writeFileSync(
        folder(`live/base/2026-01-0${9 - days}/first-wal`),
        `00000001000000000000000${9 - days}\n`,
      );
      daysAgo(folder(`live/base/2026-01-0${9 - days}`), days - 0.5);
    }
    mkdirSync(folder('live/wal'));
    mkdirSync(folder('old'));
    writeFileSync(folder('old/x'), '');
    daysAgo(folder('old/x'), 9);
    // Stands in for PostgreSQL's program, which end-to-end tests run: it is asked from which file on the log is needed.
    const script = `pg_archivecleanup() { echo "$@"; }; . ${new URL('../../../database/archive/prune.sh', import.meta.url).pathname}; prune 2`;
    const said = execFileSync('bash', ['-euc', script], { cwd: folder('live'), encoding: 'utf8' });
    expect(readdirSync(folder('live/base'))).to.deep.equal(['2026-01-06', '2026-01-07', '2026-01-08']);
    expect(said).to.equal('wal 000000010000000000000006\n');
    expect(readdirSync(root)).to.deep.equal(['live']);
  });
});

describe('what failed in the archive', () => {
  it('is tried again after twice as long each time, within limits', () => {
    const script = `. ${new URL('../../../database/archive/pace.sh', import.meta.url).pathname}
      NOW=1000; may base && echo "at once"
      for n in 1 2 3 4 5; do
        put_off base 60 400; echo "\${pause[base]}"
        NOW=$((\${next[base]} - 1)); if may base; then echo early; fi
        NOW=$((NOW + 1)); may base || echo late
      done
      may_again base; put_off base 60 400; echo "\${pause[base]}"`;
    const said = execFileSync('bash', ['-uc', script], { encoding: 'utf8' });
    expect(said.trim().split('\n')).to.deep.equal(['at once', '60', '120', '240', '400', '400', '60']);
  });
});
