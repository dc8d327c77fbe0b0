import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
    ['what is longer than an argument may be', '🛒é'.repeat(60_000)],
    ['a text that looks like the end', '--'],
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

  it('replaces files, and leaves others alone', () => {
    run(
      [
        { path: 'a', content: 'old' },
        { path: 'b', content: 'b' },
      ],
      'true',
    );
    expect(run([{ path: 'a', content: 'new' }], 'cat', `${target}/a`, `${target}/b`)).to.equal('newb');
    expect(readdirSync(target)).to.deep.equal(['a', 'b']);
  });

  it('leaves all as it was, and does not run, when one cannot be written', () => {
    run([{ path: 'a', content: 'old' }], 'true');
    const files = ['a', 'one', 'one/two'].map((path) => ({ path, content: 'new' }));
    expect(() => run(files, 'touch', `${target}/ran`)).to.throw();
    expect(readFileSync(`${target}/a`, 'utf8')).to.equal('old');
    expect(existsSync(`${target}/ran`)).to.equal(false);
  });
});
