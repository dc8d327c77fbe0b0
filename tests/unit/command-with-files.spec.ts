import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { commandWithFiles } from '../../components/config-volume.ts';

describe('a command with files', () => {
  let target: string;
  beforeEach(() => (target = mkdtempSync(join(tmpdir(), 'product-stack-files-'))));
  afterEach(() => rmSync(target, { recursive: true }));

  const run = (files: { path: string; content: string }[], ...command: string[]) => {
    const [shell = '', ...args] = commandWithFiles({ target }, files, command);
    return execFileSync(shell, args, { encoding: 'utf8', stdio: 'pipe' });
  };

  const texts: [what: string, content: string][] = [
    ['plain text', 'a line\nanother'],
    ['what a shell would change', '$HOME `id` "\'\\n %s % -- \n\n'],
    ['nothing', ''],
    ['what is long', 'é'.repeat(60_000)],
  ];
  for (const [what, content] of texts)
    it(`sees ${what} as it is`, () =>
      expect(run([{ path: 'a/b c.conf', content }], 'cat', `${target}/a/b c.conf`)).to.equal(content));

  it('sees all of them, and its own arguments', () => {
    const files = ['one', 'two', 'deep/three'].map((path) => ({ path, content: path }));
    const script = 'cat "$1/one" "$1/two" "$1/deep/three"; echo "$2"';
    expect(run(files, 'sh', '-c', script, 'x', target, '--')).to.equal('onetwodeep/three--\n');
  });

  it('fails with its code', () => {
    expect(() => run([], 'sh', '-c', 'exit 3'))
      .to.throw()
      .with.property('status', 3);
  });

  it('does not run when a file cannot be written', () => {
    const files = [
      { path: 'one', content: '' },
      { path: 'one/two', content: '' },
    ];
    expect(() => run(files, 'touch', `${target}/ran`)).to.throw();
    expect(() => run([], 'test', '-e', `${target}/ran`)).to.throw();
  });
});
