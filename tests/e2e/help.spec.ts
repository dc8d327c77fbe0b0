import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { repository } from './support/checkout.ts';
import { run } from './support/run.ts';

// These are other programs by another name.
const others = ['check', 'test:unit', 'test:e2e'];

describe('every command', () => {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of Object.keys(scripts).filter((script) => !others.includes(script))) {
    it(`${name} says with --help what it is`, async () => {
      const { code, output } = await run('npm', ['run', '-s', name, '--', '--help'], { cwd: repository });
      expect(code, output).to.equal(0);
      expect(output).to.match(new RegExp(`^npm (run )?${name}\\b`));
    });
  }

  it('says what is wrong with an argument that there is not, and how it is used', async () => {
    const { code, output } = await run('npm', ['run', '-s', 'status', '--', '--nonsense'], {
      cwd: repository,
    });
    expect(code).to.equal(2);
    expect(output).to.contain("Unknown option '--nonsense'").and.to.contain('npm run status');
    expect(output).not.to.match(/^\s+at /m);
  });
});
