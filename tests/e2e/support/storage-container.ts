import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPair } from '../../support/certificates.ts';
import { docker, eventually } from './run.ts';
import { freePort } from './test-stack.ts';

const image = process.env['STORAGE_IMAGE'] ?? 'versity/versitygw:v1.8.0';

const serve = `
mkdir -p /data/$1
ROOT_SECRET_KEY=$(cat /run/keys/secret); export ROOT_SECRET_KEY
exec versitygw --quiet --port "$2" --cert /run/keys/certificate.pem --key /run/keys/key.pem posix /data`;

/** Storage that speaks S3, as a provider runs it: elsewhere, by TLS, with a bucket that has been made. */
export class StorageContainer {
  readonly bucket = 'team-backups';
  readonly accessKey = 'key-of-the-team';
  private readonly name: string;
  private readonly port = freePort();
  private readonly folder = mkdtempSync(join(tmpdir(), 'e2e-storage-'));
  private address = '';

  constructor(name: string) {
    this.name = `e2e-${name}-${process.pid}`;
  }

  get endpoint(): string {
    return `https://${this.address}:${this.port}`;
  }

  /** Starts it on an address of this host, see ManagedPostgres. @returns the certificate that vouches for it. */
  async create(secretKey: string): Promise<string> {
    await docker('network', 'create', this.name);
    const gateway = '{{(index .IPAM.Config 0).Gateway}}';
    this.address = await docker('network', 'inspect', '--format', gateway, this.name);
    const { certificate, key } = newPair(this.address);
    writeFileSync(join(this.folder, 'certificate.pem'), certificate);
    writeFileSync(join(this.folder, 'key.pem'), key);
    writeFileSync(join(this.folder, 'secret'), secretKey);
    await docker(
      ...['run', '--detach', '--init', '--name', this.name, '--network', 'host', '--volume', '/data'],
      ...['--volume', `${this.folder}:/run/keys:ro`, '--env', `ROOT_ACCESS_KEY=${this.accessKey}`],
      ...['--entrypoint', 'sh', image, '-ec', serve, 'serve', this.bucket, `${this.address}:${this.port}`],
    );
    await this.answers();
    return certificate;
  }

  async stop(): Promise<void> {
    await docker('stop', '--time', '5', this.name);
  }

  /** The same storage with the same objects; only another key is good from now on. */
  async start(secretKey: string): Promise<void> {
    writeFileSync(join(this.folder, 'secret'), secretKey);
    await docker('start', this.name);
    await this.answers();
  }

  /** The SHA-256 of an object as it is stored. */
  async sha256(object: string): Promise<string> {
    const line = await docker('exec', this.name, 'sha256sum', `/data/${this.bucket}/${object}`);
    return line.split(' ')[0]!;
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.name).catch(() => undefined);
    await docker('network', 'rm', this.name).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async answers(): Promise<void> {
    const ask = ['wget', '-q', '-O', '/dev/null', '--no-check-certificate', `${this.endpoint}/`];
    // Without a signature it says no, which is an answer.
    const asked = `${ask.join(' ')} 2>&1 | grep -q 403`;
    await eventually(20, 'the storage answers', () => docker('exec', this.name, 'sh', '-c', asked));
  }
}
