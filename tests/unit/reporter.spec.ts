import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

/** A passing and a failing test, and one whose hook fails. */
const spec = `
describe('a', () => {
  it('passes', () => {});
  it('fails', () => { throw new Error(Array.from({ length: 50 }, (_, line) => 'line ' + line).join('\\n')); });
});
describe('b', () => {
  before('hook', () => { throw new Error('no engine'); });
  it('is not reached', () => {});
});
`;

describe('what the tests report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'reporter-'));
  const [file, counts, failures] = ['some.spec.cjs', 'counts', 'failures'].map((name) => join(folder, name));
  after(() => rmSync(folder, { recursive: true }));

  it('is a line of counts, and for the end of everything what failed with the last lines of what it said', () => {
    writeFileSync(file!, spec);
    writeFileSync(failures!, 'of an earlier suite\n');
    const env = { ...process.env, RESULTS_FILE: counts, FAILURES_FILE: failures };
    const mocha = ['node_modules/.bin/mocha', '--reporter', 'tests/support/reporter.cjs', file!];
    expect(spawnSync(process.execPath, mocha, { env, timeout: 20_000 }).status).to.equal(2);
    expect(readFileSync(counts!, 'utf8')).to.equal('1 2 0\n');
    const last = Array.from({ length: 30 }, (_, line) => `    line ${line + 20}\n`).join('');
    expect(readFileSync(failures!, 'utf8')).to.equal(
      `of an earlier suite\n\na fails\n${last}\nb "before all" hook: hook for "is not reached"\n    no engine\n`,
    );
  });
});
