import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyCheckout, removeCheckout, repository } from './checkout.ts';
import { run, type Ended } from './run.ts';

/** A local user who may use Docker, with a checkout of their own in a folder with a space. Making one takes root. */
export class Developer {
  readonly name: string;
  readonly home: string;
  readonly checkout: string;
  private readonly uid: number;

  constructor(uid: number) {
    this.uid = uid;
    this.name = `e2e-dev-${uid}-${process.pid % 10_000}`;
    this.home = mkdtempSync(join(tmpdir(), 'product-stack-home-'));
    this.checkout = join(this.home, 'my checkout');
  }

  /** The user, and their checkout with its packages. */
  create(): void {
    const account = [
      '--uid',
      String(this.uid),
      '--home-dir',
      this.home,
      '--no-create-home',
      '--groups',
      'docker',
    ];
    execFileSync('useradd', ['--shell', '/bin/bash', '--user-group', '--non-unique', ...account, this.name]);
    const copy = copyCheckout({ packages: false });
    cpSync(copy, this.checkout, { recursive: true });
    removeCheckout(copy);
    execFileSync('cp', ['-r', join(repository, 'node_modules'), join(this.checkout, 'node_modules')]);
    mkdirSync(join(this.checkout, '.state'), { recursive: true });
    this.own(this.home);
  }

  /** Gives a file or folder to the user. */
  own(path: string): void {
    execFileSync('chown', ['--recursive', '--no-dereference', `${this.uid}:${this.uid}`, path]);
  }

  /** Runs a command as the user, in the checkout. */
  run(command: string): Promise<Ended> {
    return run('runuser', ['--user', this.name, '--', 'bash', '-c', command], this.options());
  }

  /** Starts a command as the user in a process group of its own, as a terminal does. */
  start(command: string): ChildProcess {
    const args = ['--user', this.name, '--', 'bash', '-c', command];
    return spawn('runuser', args, { ...this.options(), detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  /** Everything of the user is gone afterwards. */
  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
    execFileSync('bash', ['-c', `userdel --force ${this.name} 2>/dev/null || true`]);
  }

  private options() {
    const { PATH, PRODUCT_STACK_CACHE } = process.env;
    const env = { PATH, PRODUCT_STACK_CACHE, HOME: this.home, PULUMI_CONFIG_PASSPHRASE: 'end-to-end' };
    return { cwd: this.checkout, env: { ...env, PULUMI_SKIP_UPDATE_CHECK: 'true', NO_COLOR: '1' } };
  }
}

/** Files and folders below `folder` that belong to root. */
export function ownedByRoot(folder: string): string[] {
  const found = execFileSync('find', [folder, '-uid', '0', '-print'], { encoding: 'utf8' });
  return found.split('\n').filter(Boolean);
}
