import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Credentials } from '../product-api/credentials.ts';

describe('the database password', () => {
  let folder: string;
  let files: { current: string; previous: string };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'credentials-'));
    files = { current: join(folder, 'current'), previous: join(folder, 'previous') };
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read anew each time', () => {
    writeFileSync(files.current, 'one\n');
    const credentials = new Credentials([files.current]);
    expect(credentials.password()).to.equal('one');
    writeFileSync(files.current, 'two\n');
    expect(credentials.password()).to.equal('two');
  });

  const whileReplaced = {
    missing: () => rmSync(files.current),
    empty: () => writeFileSync(files.current, ''),
  };
  for (const [what, replace] of Object.entries(whileReplaced)) {
    it(`is the one that was read before, while its file is ${what}`, () => {
      writeFileSync(files.current, 'one');
      const credentials = new Credentials([files.current]);
      credentials.password();
      replace();
      expect(credentials.password()).to.equal('one');
    });
  }

  it('is an error that names the file when there has never been one', () => {
    const credentials = new Credentials([files.current]);
    expect(() => credentials.password()).to.throw(`there is no password in ${files.current}`);
  });

  it('is the previous one while Postgres knows only that, for all who ask at once', async () => {
    writeFileSync(files.current, 'new');
    writeFileSync(files.previous, 'old');
    let letIn = 'old';
    const credentials = new Credentials([files.current, files.previous]);
    const attempt = async () => {
      const password = credentials.password();
      await new Promise(setImmediate);
      if (password !== letIn) throw Object.assign(new Error('refused'), { code: '28P01' });
      return password;
    };
    const connect = () => Promise.all([1, 2, 3].map(() => credentials.connect(attempt)));
    expect(await connect()).to.deep.equal(['old', 'old', 'old']);
    letIn = 'new';
    expect(await connect()).to.deep.equal(['new', 'new', 'new']);
  });
});
