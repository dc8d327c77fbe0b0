import { expect } from 'chai';
import { docker, eventually, type Begun, type Ended } from '../support/run.ts';
import { TestStack } from '../support/test-stack.ts';

/** What `npm run backups -- --json` says of one. */
interface Listed {
  readonly name: string;
  readonly reason: string;
  readonly encrypted: boolean;
  readonly sha256: string;
  readonly uploaded: boolean;
  readonly rows: Readonly<Record<string, number>>;
}

/** A stack with backups, and the commands that a person has for them. */
export class BackupStack extends TestStack {
  /** The backup that the tests restore, and what the products were then. */
  backedUp = { name: '', checksum: '' };

  npm(...args: string[]): Promise<Ended> {
    return this.run('npm', 'run', '-s', ...args);
  }

  beginNpm(...args: string[]): Begun {
    return this.begin('npm', 'run', '-s', ...args);
  }

  async npmOk(...args: string[]): Promise<string> {
    const { code, output } = await this.npm(...args);
    expect(code, output).to.equal(0);
    return output;
  }

  /** Makes a backup; the schedule may just be making one too, which is no failure. */
  async backup(): Promise<string> {
    const { code, output } = await eventually(30, 'nobody else makes one', async () => {
      const ended = await this.npm('backup', '--', '--stack', this.name);
      return !/another backup is at work|one of this very second/.test(ended.output) && ended;
    });
    expect(code, output).to.equal(0);
    return output;
  }

  restore(name: string, ...more: string[]): Promise<Ended> {
    return this.npm('restore', '--', name, '--stack', this.name, '--yes', ...more);
  }

  back(time: string): Promise<Ended> {
    return this.npm('restore', '--', '--time', time, '--stack', this.name, '--yes');
  }

  async list(): Promise<Listed[]> {
    return JSON.parse(await this.npmOk('backups', '--', '--stack', this.name, '--json')) as Listed[];
  }

  async inside(service: string, ...command: string[]): Promise<string> {
    return docker('exec', (await this.replicas(service))[0]!, ...command);
  }

  sql(text: string): Promise<string> {
    return this.inside('database', 'psql', '-U', 'postgres', '-d', 'product', '-qAtc', text);
  }

  /** All that a product is, of all products, or of some. */
  checksum(which = 'true'): Promise<string> {
    const all = `count(*) || ' ' || md5(string_agg(p::text, '|' ORDER BY id))`;
    return this.sql(`SELECT ${all} FROM product p WHERE ${which}`);
  }

  /** Runs what must fail, and expects nothing to have changed. */
  async failsAndChangesNothing(attempt: () => Promise<Ended>, words: string): Promise<void> {
    const before = await this.state();
    const { code, output } = await attempt();
    expect(code, output).to.equal(1);
    expect(output).to.contain(words);
    expect(output, 'no stack trace').not.to.match(/^\s+at .*:\d+/m);
    expect(await this.state()).to.deep.equal(before);
  }

  private async state(): Promise<unknown[]> {
    return [await this.checksum(), await this.volumes(), await this.replicas('database')];
  }

  volumes(): Promise<string> {
    return docker('volume', 'ls', '-q', '--filter', `name=product-stack-${this.name}-`);
  }

  /** What is there only as long as a restore, an upgrade or an import is at work. */
  async atWork(): Promise<string[]> {
    const jobs = await this.containers('job');
    return jobs.map(({ name }) => name).filter((name) => /-(at-work|side-database|import-\w+)$/.test(name));
  }
}
