import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { BackupStack } from '../backup/backup-stack.ts';
import { docker, type Ended } from '../support/run.ts';

/** A stack that products are imported into. */
export class ImportStack extends BackupStack {
  /** The path of a file in the stack's folder. */
  path(file: string): string {
    return join(this.folder, file);
  }

  write(file: string, content: string | Buffer): void {
    writeFileSync(this.path(file), content);
  }

  /** Writes the first `bytes` of another file. */
  cut(file: string, from: string, bytes: number): void {
    this.write(file, readFileSync(this.path(from)).subarray(0, bytes));
  }

  import(file: string, ...more: string[]): Promise<Ended> {
    return this.npm('import', '--', file, '--stack', this.name, ...more);
  }

  /** Imports, and returns what it says. */
  async importOk(file: string, ...more: string[]): Promise<string> {
    const { code, output } = await this.import(file, ...more);
    expect(code, output).to.equal(0);
    expect(await this.temporary(), 'nothing temporary is left').to.equal('');
    return output;
  }

  /** Expects an import to fail with these words, and nothing to have changed or be left. */
  async refuses(words: string, file: string, ...more: string[]): Promise<void> {
    await this.failsAndChangesNothing(() => this.import(file, ...more), words);
    expect(await this.temporary(), 'nothing temporary is left').to.equal('');
  }

  /** The containers of an import that is at work. */
  temporary(): Promise<string> {
    return docker('ps', '-aq', '--filter', `name=product-stack-${this.name}-import-`);
  }
}
