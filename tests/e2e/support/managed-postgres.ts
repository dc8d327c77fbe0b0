import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newPair } from '../../support/certificates.ts';
import { docker, eventually } from './run.ts';
import { freePort } from './test-stack.ts';

const image = process.env['POSTGRES_IMAGE'] ?? 'postgres:18-trixie';

const serve = `
install -o postgres -g postgres -m 600 /tls/key.pem /tls/certificate.pem /run/
printf 'local all all trust\\nhostssl all all all scram-sha-256\\n' >/run/hba.conf
exec docker-entrypoint.sh postgres -c ssl=on -c ssl_cert_file=/run/certificate.pem -c ssl_key_file=/run/key.pem -c hba_file=/run/hba.conf -c "$1"`;

/** A Postgres as a provider runs it: elsewhere, by TLS or not at all, for a role that owns its database and nothing else. */
export class ManagedPostgres {
  readonly name: string;
  readonly password = 'p@ss/w:rd-of-managed';
  readonly port = freePort();
  private readonly folder = mkdtempSync(join(tmpdir(), 'e2e-managed-'));
  private address = '';
  private pair = { certificate: '', key: '' };

  constructor(name: string) {
    this.name = `e2e-${name}-${process.pid}`;
  }

  /** Vouches for it. */
  get ca(): string {
    return this.pair.certificate;
  }

  /**
   * Starts it on an address of this host: between containers of two networks Docker lets nothing pass, also by a published port. The
   * address is that of a network which nothing is on, so nobody else listens there.
   */
  async start(): Promise<void> {
    await docker('network', 'create', this.name);
    this.address = await docker(
      'network',
      'inspect',
      '--format',
      '{{(index .IPAM.Config 0).Gateway}}',
      this.name,
    );
    this.pair = newPair(this.address);
    writeFileSync(join(this.folder, 'certificate.pem'), this.pair.certificate);
    writeFileSync(join(this.folder, 'key.pem'), this.pair.key);
    await docker(
      ...[
        'run',
        '--detach',
        '--init',
        '--name',
        this.name,
        '--network',
        'host',
        '--volume',
        `${this.folder}:/tls:ro`,
      ],
      ...['--env', 'POSTGRES_PASSWORD=of-the-provider', '--env', `PGPORT=${this.port}`],
      ...['--entrypoint', 'bash', image, '-ec', serve, 'serve', `listen_addresses=${this.address}`],
    );
    await eventually(60, 'the managed Postgres answers', () =>
      docker('exec', this.name, 'pg_isready', '--host', this.address),
    );
    for (const role of ['shop', 'visitor'])
      await this.sql(`CREATE ROLE ${role} LOGIN PASSWORD '${this.password}'`);
  }

  /** An empty database of the role. */
  async createDatabase(name: string): Promise<void> {
    await this.sql(`CREATE DATABASE ${name} OWNER shop`);
  }

  /** What `databaseUrl` must be for one of its databases; `visitor` is a role that owns none. */
  url(database: string, role: 'shop' | 'visitor' = 'shop'): string {
    return `postgres://${role}:${encodeURIComponent(this.password)}@${this.address}:${this.port}/${database}?sslmode=verify-full`;
  }

  /** The same for libpq, as a service of the name `managed`. */
  service(database: string): string {
    const lines = {
      host: this.address,
      port: this.port,
      dbname: database,
      user: 'shop',
      password: this.password,
    };
    const tls = { sslmode: 'verify-full', sslrootcert: '/database-ca.pem' };
    return [
      '[managed]',
      ...Object.entries({ ...lines, ...tls }).map(([name, value]) => `${name}=${value}`),
      '',
    ].join('\n');
  }

  /** Asks it as its superuser, from inside. */
  sql(statement: string, database = 'postgres'): Promise<string> {
    return docker('exec', this.name, 'psql', '-U', 'postgres', '-d', database, '-qAtc', statement);
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.name).catch(() => undefined);
    await docker('network', 'rm', this.name).catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
