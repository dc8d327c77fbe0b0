import { readFileSync } from 'node:fs';
import { DockerError, type DockerCli } from '../engine/docker-cli.ts';
import { backupsVolume } from '../stacks/backup.ts';
import { labelKeys } from '../stacks/labels.ts';
import type { Job, Service, Topology, Workload } from '../stacks/topology.ts';
import type { Manifest } from './manifest.ts';

const facts = readFileSync(new URL('../database/backup/facts.sql', import.meta.url), 'utf8');

/**
 * A Postgres on a fresh volume beside the live one, as closed and configured as that, on no network: where data is brought to and
 * looked at before anybody uses it. `discard` takes it away with its volume; `keep` leaves the volume, ready to be switched to.
 */
export class SideDatabase {
  readonly volume: string;
  private readonly docker: DockerCli;
  private readonly topology: Topology;
  private readonly prefix: string;
  private readonly container: string;

  /** @param topology the stack as it will be, on the fresh volume. */
  constructor(docker: DockerCli, topology: Topology) {
    this.docker = docker;
    this.topology = topology;
    this.prefix = `product-stack-${topology.stack}`;
    this.container = `${this.prefix}-side-database`;
    this.volume = `${this.prefix}-${this.database.volumes[0]!.volume}`;
  }

  /** Starts it, empty but for its roles. @throws Error when another one is at work, or when it does not come up. */
  async start(): Promise<void> {
    const running = await this.docker.lines('ps', '-aq', '--filter', `name=^${this.container}$`);
    if (running.length > 0)
      throw new Error(`another restore is at work, or was killed. If so: docker rm -f ${this.container}`);
    const label = `${labelKeys.stack}=${this.topology.stack}`;
    await this.docker.run('volume', 'create', '--label', label, this.volume);
    const { image, command = [] } = this.database;
    const reference = image.kind === 'pulled' ? image.reference : image.name;
    await this.docker.run('run', '--detach', ...this.options(), reference, ...command);
    await this.untilReady();
  }

  /** Brings a backup's rows in, checked against its checksum. `key` is the private key of an encrypted one, as PEM. @throws DockerError */
  async restore({ name, sha256, encrypted }: Manifest, key?: string): Promise<void> {
    if (key !== undefined)
      await this.docker.attended(['exec', '-i', this.container, 'sh', '-c', 'umask 077; cat >/tmp/key'], key);
    const open = encrypted
      ? `openssl cms -decrypt -inform DER -inkey /tmp/key -in ${name}.dump`
      : `cat ${name}.dump`;
    const script = `set -euo pipefail; cd /backups
      echo "${sha256}  ${name}.dump" | sha256sum -c - >/dev/null || { echo "${name}.dump is not what was written: its checksum differs" >&2; exit 1; }
      ${open} | pg_restore ${restoreOptions.join(' ')}`;
    await this.docker.attended(['exec', this.container, 'bash', '-c', script]);
  }

  /** Brings in all that `container`, a running Postgres of this stack, has now. @throws DockerError */
  async copyFrom(container: string): Promise<void> {
    const dump = ['pg_dump', '--username=postgres', '--format=custom', '--compress=none', 'product'];
    await this.docker.piped(
      ['exec', container, ...dump],
      ['exec', '-i', this.container, 'pg_restore', ...restoreOptions],
    );
  }

  /** Runs the migrations of the release that is up. @param image of its migration job. @throws DockerError */
  async migrate(image: string): Promise<void> {
    const job = this.topology.jobs.find(({ name }) => name === 'migrate')!;
    const env = { ...job.env, DATABASE_HOST: '127.0.0.1' };
    await this.docker.attended([
      'run',
      '--rm',
      ...closed(job),
      ...environment(env),
      '--network',
      `container:${this.container}`,
      '--volume',
      `${this.prefix}-migrate-secrets:/run/secrets:ro`,
      image,
      ...job.command,
    ]);
  }

  /** What is in it. */
  facts(): Promise<Pick<Manifest, 'rows' | 'postgres' | 'migration'>> {
    return databaseFacts(this.docker, this.container);
  }

  /** Ends it and leaves the volume. */
  async keep(): Promise<void> {
    await this.docker.run('stop', '--time', '60', this.container);
    await this.docker.run('rm', '--volumes', this.container);
  }

  /** Ends it and removes the volume. */
  async discard(): Promise<void> {
    await this.docker.run('rm', '--force', '--volumes', this.container).catch(() => undefined);
    await this.docker.run('volume', 'rm', this.volume).catch(() => undefined);
  }

  private get database(): Service {
    return this.topology.services.find(({ name }) => name === 'database')!;
  }

  private options(): string[] {
    const { database, prefix } = this;
    const volumes = [
      `${this.volume}:${database.volumes[0]!.target}`,
      `${prefix}-database-files:${database.files!.target}:ro`,
      `${prefix}-database-secrets:/run/secrets:ro`,
      ...(this.topology.volumes.some(({ name }) => name === backupsVolume)
        ? [`${prefix}-${backupsVolume}:/backups:ro`]
        : []),
    ];
    return [
      ...['--name', this.container, '--network', 'none'],
      ...['--label', `${labelKeys.stack}=${this.topology.stack}`, '--label', `${labelKeys.role}=job`],
      ...['--label', `${labelKeys.service}=side-database`],
      ...closed(database),
      ...environment(database.env),
      ...volumes.flatMap((volume) => ['--volume', volume]),
    ];
  }

  private async untilReady(): Promise<void> {
    const ready = ['exec', this.container, ...shell(this.database.health.test)];
    for (const until = Date.now() + 120_000; Date.now() < until;) {
      if (
        await this.docker.run(...ready).then(
          () => true,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const last = (await this.docker.lastLines(this.container, 3)).join('\n');
    throw new DockerError(`the fresh Postgres did not come up within 120 s:\n${last}`);
  }
}

const restoreOptions = [
  '--username=postgres',
  '--dbname=product',
  '--no-owner',
  '--role=product_owner',
  '--exit-on-error',
  '--single-transaction',
];

/** Rows, release and version of a running Postgres of a stack. @throws DockerError */
export async function databaseFacts(
  docker: DockerCli,
  container: string,
): Promise<Pick<Manifest, 'rows' | 'postgres' | 'migration'>> {
  const psql = ['psql', '-U', 'postgres', '-d', 'product', '-qAtXc', facts.replace(/^--.*$/gm, '')];
  return JSON.parse(`{${await docker.run('exec', container, ...psql)}}`) as Manifest;
}

/** The limits and hardening of a workload, in the words of `docker run`. */
function closed({ user, memoryMiB, cpus, shmMiB, tmpfs }: Workload | Job): string[] {
  return [
    ...['--init', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges:true'],
    ...[
      '--user',
      user,
      '--memory',
      `${memoryMiB}m`,
      '--memory-swap',
      `${memoryMiB}m`,
      '--cpus',
      String(cpus),
    ],
    ...['--shm-size', `${shmMiB ?? 64}m`],
    ...Object.entries(tmpfs).flatMap(([path, options]) => ['--tmpfs', `${path}:${options}`]),
  ];
}

function environment(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
}

function shell([kind, command]: readonly string[]): string[] {
  return kind === 'CMD-SHELL' ? ['sh', '-c', command!] : [command!];
}
