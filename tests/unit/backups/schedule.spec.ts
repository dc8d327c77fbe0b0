import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parseSettings, SettingsError } from '../../../stacks/settings.ts';

/** What a function of database/backup/*.sh prints, or how it ends. */
function bash(script: string, input = ''): string {
  const options = {
    cwd: new URL('../../../database/backup', import.meta.url),
    input,
    encoding: 'utf8',
  } as const;
  return execFileSync('bash', ['-euc', script], options).trim();
}

describe('the schedule of backups', () => {
  const cases: [schedule: string, time: string, due: boolean][] = [
    ['0 3 * * *', '2026-11-24T03:00Z', true],
    ['0 3 * * *', '2026-11-24T03:01Z', false],
    ['0 3 * * *', '2026-11-24T15:00Z', false],
    ['*/15 * * * *', '2026-11-24T03:45Z', true],
    ['*/15 * * * *', '2026-11-24T03:44Z', false],
    ['5/20 1,2 * * *', '2026-11-24T02:25Z', true],
    ['08 09 * * *', '2026-11-24T09:08Z', true],
    ['30 2 * * 1-5', '2026-11-24T02:30Z', true],
    ['30 2 * * 1-5', '2026-11-22T02:30Z', false],
    ['0 0 * * 7', '2026-11-22T00:00Z', true],
    ['0 0 * * 0', '2026-11-22T00:00Z', true],
    // Day and weekday: either is enough.
    ['0 0 1 * 1', '2026-11-23T00:00Z', true],
    ['0 0 1 * 1', '2026-11-01T00:00Z', true],
    ['0 0 1 * 1', '2026-11-24T00:00Z', false],
    ['0 0 29 2 *', '2028-02-29T00:00Z', true],
    ['0 0 29 2 *', '2028-03-29T00:00Z', false],
  ];
  it('names the minutes that crontab(5) would', () => {
    const calls = cases.map(
      ([schedule, time]) => `is_due '${schedule}' ${Date.parse(time) / 1000} && echo true || echo false`,
    );
    const said = bash(['. ./cron.sh', ...calls].join('\n')).split('\n');
    expect(said).to.deep.equal(cases.map(([, , due]) => String(due)));
  });

  const nearest: [schedule: string, from: string, to: string, due: string][] = [
    ['0 3 * * *', '2026-11-24T12:00Z', '2026-11-01T00:00Z', '2026-11-24T03:00Z'],
    ['0 3 * * *', '2026-11-24T03:00Z', '2026-11-01T00:00Z', '2026-11-24T03:00Z'],
    ['0 3 * * *', '2026-11-24T12:00Z', '2026-11-24T03:01Z', 'none'],
    ['0 3 * * *', '2026-11-24T03:01Z', '2027-11-24T00:00Z', '2026-11-25T03:00Z'],
    ['59 23 31 12 *', '2026-11-24T12:00Z', '2025-01-01T00:00Z', '2025-12-31T23:59Z'],
    ['0 0 1 1 *', '2026-11-24T12:00Z', '2027-11-24T12:00Z', '2027-01-01T00:00Z'],
    ['0 0 29 2 *', '2026-11-24T12:00Z', '2027-11-24T12:00Z', 'none'],
  ];
  it('is looked through in both directions', () => {
    const calls = nearest.map(
      ([schedule, from, to]) =>
        `first_due '${schedule}' ${Date.parse(from) / 60_000} ${Date.parse(to) / 60_000} || echo none`,
    );
    const said = bash(['. ./cron.sh', ...calls].join('\n')).split('\n');
    const times = said.map((minute) =>
      `${new Date(Number(minute) * 60_000).toJSON()}`.replace(':00.000Z', 'Z'),
    );
    expect(times).to.deep.equal(nearest.map(([, , , due]) => (due === 'none' ? 'null' : due)));
  });

  for (const wrong of [
    '',
    '0 3 * *',
    '60 3 * * *',
    '0 24 * * *',
    '0 0 0 * *',
    '0 0 * 13 *',
    '0 0 * * 8',
    '5-1 * * * *',
    '*/0 * * * *',
    '@daily',
    '0 3 * * * *',
    'a b c d e',
  ]) {
    it(`cannot be "${wrong}"`, () => {
      expect(() => parseSettings('unit', { 'backup.schedule': wrong })).to.throw(
        SettingsError,
        `unit: backup.schedule must be five fields of crontab: minute hour day month weekday, got "${wrong}". Run: pulumi config set backup.schedule '0 3 * * *'`,
      );
    });
  }

  it('must be there when something else is said about backups', () => {
    expect(() => parseSettings('unit', { 'backup.keepDaily': '3' })).to.throw(
      "unit: backup.keepDaily needs backup.schedule, when backups are made. Run: pulumi config set backup.schedule '0 3 * * *'",
    );
    const encryptTo = '-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n';
    expect(() =>
      parseSettings('unit', { 'backup.schedule': '0 3 * * *', 'backup.encryptTo': encryptTo }),
    ).to.throw('unit: backup.encryptTo is no certificate that can be read');
  });
});

describe('which backups are kept', () => {
  const names = [
    '2026-11-24T10-00-00Z',
    '2026-11-24T03-00-00Z',
    '2026-11-23T03-00-00Z',
    '2026-11-22T03-00-00Z',
    '2026-11-15T03-00-00Z',
    '2026-10-01T03-00-00Z',
    '2026-01-01T03-00-00Z',
    '2025-12-31T03-00-00Z',
  ];
  const kept = (rules: string) => bash(`. ./keep.sh; labelled ${rules}`, names.join('\n') + '\n').split('\n');

  it('is the newest of each period', () => {
    expect(kept('1 2 2 2')).to.deep.equal([
      '2026-11-24T10-00-00Z last daily weekly monthly',
      '2026-11-24T03-00-00Z',
      '2026-11-23T03-00-00Z daily',
      '2026-11-22T03-00-00Z weekly',
      '2026-11-15T03-00-00Z',
      '2026-10-01T03-00-00Z monthly',
      '2026-01-01T03-00-00Z',
      '2025-12-31T03-00-00Z',
    ]);
  });

  it('counts weeks as ISO 8601 does: the last days of December are in the first week', () => {
    expect(kept('0 0 9 0').filter((line) => line.includes('weekly'))).to.deep.equal(
      [0, 3, 4, 5, 6].map((index) => `${names[index]} weekly`),
    );
  });

  it('loses what no rule keeps, and nothing else', () => {
    expect(bash('. ./keep.sh; unwanted 2 0 0 0', names.join('\n') + '\n').split('\n')).to.deep.equal(
      names.slice(2),
    );
    expect(bash('. ./keep.sh; unwanted 8 0 0 0', names.join('\n') + '\n')).to.equal('');
    expect(bash('. ./keep.sh; unwanted 1 1 1 1')).to.equal('');
  });
});

describe('until when the schedule was seen to', () => {
  const now = Date.parse('2026-11-24T12:00Z') / 60_000;
  const folder = mkdtempSync(join(tmpdir(), 'product-stack-'));
  after(() => rmSync(folder, { recursive: true }));
  const cases: [what: string, files: Record<string, string>, until: number][] = [
    ['is now where nothing is kept', {}, now],
    ['is what is kept', { '.seen': `${now - 1000}`, '2026-11-24T03-00-00Z.json': '' }, now - 1000],
    [
      'is the newest backup of a release that kept nothing',
      { '2026-11-23T03-00-00Z.json': '', '2026-11-24T03-00-07Z.json': '' },
      now - 540,
    ],
    ['is now where the clock was ahead', { '.seen': `${now + 1}` }, now],
    ['is now where that is no number', { '.seen': 'x' }, now],
  ];
  for (const [what, files, until] of cases)
    it(what, () => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      expect(bash(`. ./seen.sh; cd ${folder}; seen_until ${now}`)).to.equal(String(until));
    });

  it('is kept', () => {
    expect(bash(`. ./seen.sh; cd ${folder}; see 7; cat .seen; ls -A | grep -c seen`)).to.equal('7\n1');
  });
});

describe('the lock of a backup', () => {
  const folder = mkdtempSync(join(tmpdir(), 'product-stack-'));
  after(() => rmSync(folder, { recursive: true }));
  const rounds = 3;

  // Each begins at the same moment and has it until all have tried.
  const contenders = `
    for round in $(seq ${rounds}); do
      rm -f ${folder}/lock; prepare
      for one in $(seq 6); do
        bash -c '. ./lock.sh; while [ ! -e ${folder}/go ]; do :; done; if lock ${folder}/lock; then echo got; fi; sleep 0.3' &
      done
      sleep 0.1; touch ${folder}/go; wait; rm ${folder}/go; echo next
    done`;
  for (const [what, prepare] of [
    ['one of all who come at once', ':'],
    ['one of all who see that its owner was killed', `bash -c 'ln -s $$ ${folder}/lock'`],
  ] as const)
    it(`is for ${what}`, () => {
      const said = bash(`prepare() { ${prepare}; }\n${contenders}`).split('\n');
      expect(said).to.deep.equal(Array.from({ length: rounds }, () => ['got', 'next']).flat());
    });

  it('is free again', () => {
    const twice = `. ./lock.sh; for n in 1 2; do lock ${folder}/lock; unlock ${folder}/lock; done; ls -A ${folder}`;
    expect(bash(twice)).to.equal('');
  });
});
