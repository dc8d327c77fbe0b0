import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, run } from './run.ts';
import { freePort } from './test-stack.ts';

/** Where sshd insists on an empty folder. */
const emptyFolder = '/run/sshd';

/**
 * An ssh server on the loopback address that lets in the one key it made, with everything that belongs to it in a temporary folder:
 * Debian's package is unpacked, not installed, and its user exists only inside its mount namespace.
 */
export class LoopbackSshd {
  readonly port = freePort();
  readonly url = `ssh://root@127.0.0.1:${this.port}`;
  private readonly folder = mkdtempSync(join(tmpdir(), 'product-stack-sshd-'));
  private readonly madeEmptyFolder = !existsSync(emptyFolder);
  private server: ChildProcess | undefined;

  /** A PATH on which `ssh` knows the server and has the key; this user's own ssh folder is not touched. */
  get path(): string {
    return `${join(this.folder, 'bin')}:${process.env['PATH']}`;
  }

  /** Starts the server. @throws Error when it does not answer within ten seconds. */
  async start(): Promise<void> {
    await this.unpack();
    for (const name of ['host', 'id'])
      await this.ok('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', this.file(name));
    this.writeFiles();
    this.server = spawn('unshare', ['--mount', 'sh', '-euc', this.script()], { stdio: 'ignore' });
    await eventually(10, 'sshd answers', async () =>
      (await run('ssh-keyscan', this.scan())).output.includes('ed25519'),
    );
    writeFileSync(this.file('known'), (await run('ssh-keyscan', this.scan())).output);
  }

  /** Ends the server and removes what was made for it. */
  stop(): void {
    this.server?.kill('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
    if (this.madeEmptyFolder && existsSync(emptyFolder)) rmdirSync(emptyFolder);
  }

  private file(name: string): string {
    return join(this.folder, name);
  }

  private scan(): string[] {
    return ['-t', 'ed25519', '-p', String(this.port), '127.0.0.1'];
  }

  private async ok(command: string, ...args: string[]): Promise<void> {
    const { code, output } = await run(command, args, { cwd: this.folder });
    if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${output}`);
  }

  private async unpack(): Promise<void> {
    const download = ['download', '-qq', '-o', 'APT::Sandbox::User=root', 'openssh-server', 'libwrap0'];
    const first = await run('apt-get', download, { cwd: this.folder });
    if (first.code !== 0) await this.ok('sh', '-c', `apt-get update -qq && apt-get ${download.join(' ')}`);
    await this.ok('sh', '-c', 'for package in *.deb; do dpkg-deb -x "$package" root; done');
  }

  private writeFiles(): void {
    const users = `${readFileSync('/etc/passwd', 'utf8').replace(/^sshd:.*\n/m, '')}sshd:x:65533:65534::${emptyFolder}:/bin/false\n`;
    writeFileSync(this.file('passwd'), users);
    writeFileSync(this.file('sshd_config'), this.serverConfig().join('\n'));
    writeFileSync(this.file('ssh_config'), this.clientConfig().join('\n'));
    mkdirSync(this.file('bin'));
    writeFileSync(this.file('bin/ssh'), `#!/bin/sh\nexec /usr/bin/ssh -F ${this.file('ssh_config')} "$@"\n`);
    chmodSync(this.file('bin/ssh'), 0o755);
  }

  private serverConfig(): string[] {
    return [
      `Port ${this.port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.file('host')}`,
      `AuthorizedKeysFile ${this.file('id.pub')}`,
      'PidFile none',
      'UsePAM no',
      'StrictModes no',
      'PasswordAuthentication no',
      'PermitRootLogin prohibit-password',
      'MaxStartups 100',
      '',
    ];
  }

  private clientConfig(): string[] {
    return [
      'Host *',
      'StrictHostKeyChecking yes',
      `UserKnownHostsFile ${this.file('known')}`,
      `IdentityFile ${this.file('id')}`,
      'IdentitiesOnly yes',
      '',
    ];
  }

  /** The bind mount is seen by the server and its sessions alone. */
  private script(): string {
    const libraries = `$(dirname "$(find ${this.file('root')} -name 'libwrap.so.0' | head -n 1)")`;
    return [
      `mount --bind ${this.file('passwd')} /etc/passwd`,
      `mkdir -p ${emptyFolder}`,
      `export LD_LIBRARY_PATH=${libraries}`,
      `exec ${this.file('root')}/usr/sbin/sshd -D -f ${this.file('sshd_config')}`,
    ].join('\n');
  }
}
