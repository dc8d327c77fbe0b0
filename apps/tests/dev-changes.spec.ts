import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { changes } from '../dev/changes.ts';

describe('saved files in development', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'product-stack-'));
    mkdirSync(at('views'));
    for (const name of ['app.ts', 'views/list.ts']) writeFileSync(at(name), 'before');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** What the first change after `act` is said to be, relative to the folder. */
  async function changed(act: () => void): Promise<string[]> {
    const saved = changes([folder]);
    act();
    const { value } = (await saved.next()) as { value: string[] };
    return value.map((name) => name.slice(folder.length + 1));
  }

  const cases: [string, () => void, string[]][] = [
    ['a file that is saved', () => writeFileSync(at('app.ts'), 'after'), ['app.ts']],
    ['one of the same size', () => writeFileSync(at('app.ts'), 'behind'), ['app.ts']],
    ['one that an editor replaces', () => replace('app.ts'), ['app.ts']],
    ['one in a folder', () => writeFileSync(at('views/list.ts'), 'after'), ['views/list.ts']],
    ['one that is added', () => writeFileSync(at('views/new.ts'), ''), ['views/new.ts']],
    ['one that is deleted', () => rmSync(at('views/list.ts')), ['views/list.ts']],
    ['a folder that is deleted', () => rmSync(at('views'), { recursive: true }), ['views/list.ts']],
    ['several at once, as one change', () => both(), ['app.ts', 'views/list.ts']],
    ['what editors leave beside a file is none', () => withScratch(), ['app.ts']],
  ];
  for (const [name, act, expected] of cases)
    it(name, async () => expect(await changed(act)).to.deep.equal(expected));

  function replace(name: string): void {
    writeFileSync(at(`${name}.new`), 'before');
    utimesSync(at(`${name}.new`), new Date(0), new Date(0));
    renameSync(at(`${name}.new`), at(name));
  }

  function both(): void {
    for (const name of ['views/list.ts', 'app.ts']) writeFileSync(at(name), 'after');
  }

  function withScratch(): void {
    for (const name of ['.app.ts.swp', 'app.ts~']) writeFileSync(at(name), 'scratch');
    writeFileSync(at('app.ts'), 'after');
  }

  it('are not lost while the one before is worked on', async () => {
    const saved = changes([folder]);
    writeFileSync(at('app.ts'), 'first');
    await saved.next();
    writeFileSync(at('views/list.ts'), 'second');
    expect((await saved.next()).value).to.deep.equal([at('views/list.ts')]);
  });
});
