import { readFileSync } from 'node:fs';
import { closed, environment } from '../engine/closed-run.ts';
import { DockerError, type DockerCli } from '../engine/docker-cli.ts';
import { archiveVolume, backupsVolume } from '../stacks/backup.ts';
import { labelKeys, stackPrefix } from '../stacks/labels.ts';
import type { Service, Topology } from '../stacks/topology.ts';
import type { Base } from './history.ts';
import type { Facts, Manifest } from './manifest.ts';

/** What the names of fresh volumes begin with, behind the stack's own. */
export const freshVolumePrefix = 'database-data-2';

const factsQuery = readFileSync(new URL('../database/backup/facts.sql', import.meta.url), 'utf8');

/**
 * A Postgres on a fresh volume beside the live one, as closed and configured as that, on no network: where data is brought to and
 * looked at before anybody uses it. `discard` takes it away with its volume; `keep` leaves the volume, ready to be switched to.
 */
export class SideDatabase {
  readonly volume: string;
  private readonly docker: DockerCli;
  /** That goes on when all else is stopped. */
  private readonly cleaning: DockerCli;
  private readonly topology: Topology;
  private readonly prefix: string;
  private readonly container: string;

  /** @param topology the stack as it will be, on the fresh volume. @param signal stops it; `discard` then cleans up. */
  constructor(docker: DockerCli, topology: Topology, signal: AbortSignal) {
    this.docker = docker.until(signal);
    this.cleaning = docker;
    this.topology = topology;
    this.prefix = stackPrefix(topology.stack);
    this.container = `${this.prefix}-side-database`;
    this.volume = `${this.prefix}-${this.database.volumes[0]!.volume}`;
  }

  /**
   * Starts it, empty but for its roles or with what `prepare` puts into the volume. Its caller is alone (engine/at-work.ts), so one that is
   * there is of a run that was killed. @throws Error when it does not come up.
   */
  async start(prepare?: (side: SideDatabase) => Promise<void>): Promise<void> {
    await this.removeLeftOver();
    await this.needImage();
    const label = `${labelKeys.stack}=${this.topology.stack}`;
    await this.docker.run('volume', 'create', '--label', label, this.volume);
    const { command = [] } = this.database;
    // As long as this container is there, its volume is half-filled.
    await this.docker.run('create', ...this.options(this.container), this.image, ...command);
    await prepare?.(this);
    await this.docker.run('start', this.container);
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

  /**
   * Puts a copy of a whole Postgres into the volume, to be followed by what was written until `time`, once it is started.
   * @param base a copy of the history that `time` is in. @throws DockerError
   */
  async unpack(base: Base, time: Date): Promise<void> {
    const wal = `/archive/${base.history}/wal`;
    const recovery = [
      // The last file is still being written, and has another name until it is full.
      `restore_command = 'cp ${wal}/%f "%p" 2>/dev/null || cp ${wal}/%f.partial "%p"'`,
      `recovery_target_time = '${postgresTime(time)}'`,
      `recovery_target_action = 'promote'`,
    ];
    const script = `set -euo pipefail; umask 077; mkdir -p "$PGDATA"; chmod 700 "$PGDATA"
      tar -xzf "/archive/${base.history}/base/${base.name}/base.tar.gz" -C "$PGDATA"
      cat >>"$PGDATA/postgresql.auto.conf"; touch "$PGDATA/recovery.signal"`;
    await this.docker.attended(
      ['run', '--rm', '--interactive', ...this.options(this.unpacker), this.image, 'bash', '-c', script],
      `${recovery.join('\n')}\n`,
    );
  }

  /** Forgets that it was recovered. @throws DockerError */
  async forgetRecovery(): Promise<void> {
    const psql = ['psql', '-U', 'postgres', '-qXc'];
    for (const name of ['restore_command', 'recovery_target_time', 'recovery_target_action'])
      await this.docker.run('exec', this.container, ...psql, `ALTER SYSTEM RESET ${name}`);
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
  facts(): Promise<Facts> {
    return databaseFacts(this.docker, this.container);
  }

  /** Whether it says that there is no room. */
  async isFull(): Promise<boolean> {
    const lines = await this.cleaning.lastLines(this.container, 100);
    return lines.some((line) => line.includes('No space left on device'));
  }

  /** Ends it and leaves the volume. */
  async keep(): Promise<void> {
    await this.docker.run('stop', '--time', '60', this.container);
    await this.docker.run('rm', '--volumes', this.container);
  }

  /** Ends it and removes the volume. */
  discard(): Promise<void> {
    return this.remove(this.volume);
  }

  private async needImage(): Promise<void> {
    const { docker, image } = this;
    if (await docker.succeeds('image', 'inspect', image)) return;
    await docker.attended(['pull', image]).catch((cause: unknown) => {
      throw new Error(`${image} is not on the engine, and cannot be pulled`, { cause });
    });
  }

  private async removeLeftOver(): Promise<void> {
    const names = ['inspect', '--format', '{{range .Mounts}}{{println .Name}}{{end}}', this.container];
    const volumes = await this.docker.lines(...names).catch(() => []);
    const fresh = volumes.find((name) => name.startsWith(`${this.prefix}-${freshVolumePrefix}`));
    await this.remove(fresh);
  }

  private async remove(volume: string | undefined): Promise<void> {
    for (const container of [this.unpacker, this.container])
      await this.cleaning.run('rm', '--force', '--volumes', container).catch(() => undefined);
    // The engine does not remove one that is in use.
    if (volume) await this.cleaning.run('volume', 'rm', volume).catch(() => undefined);
  }

  private get unpacker(): string {
    return `${this.container}-unpack`;
  }

  private get image(): string {
    const { image } = this.database;
    return image.kind === 'pulled' ? image.reference : image.name;
  }

  private get database(): Service {
    return this.topology.services.find(({ name }) => name === 'database')!;
  }

  private options(container: string): string[] {
    const { database, prefix } = this;
    const volumes = [
      `${this.volume}:${database.volumes[0]!.target}`,
      `${prefix}-database-files:${database.files!.target}:ro`,
      `${prefix}-database-secrets:/run/secrets:ro`,
      ...this.backups(),
      ...this.readable(archiveVolume, '/archive'),
    ];
    return [
      ...['--name', container, '--network', 'none'],
      ...['--label', `${labelKeys.stack}=${this.topology.stack}`, '--label', `${labelKeys.role}=job`],
      ...['--label', `${labelKeys.service}=side-database`],
      ...closed(database),
      ...environment(database.env),
      ...volumes.flatMap((volume) => ['--volume', volume]),
    ];
  }

  private backups(): string[] {
    const folder = this.topology.services.find(({ name }) => name === 'backup')?.binds?.[0]?.source;
    return folder === undefined ? this.readable(backupsVolume, '/backups') : [`${folder}:/backups:ro`];
  }

  private readable(volume: string, target: string): string[] {
    const has = this.topology.volumes.some(({ name }) => name === volume);
    return has ? [`${this.prefix}-${volume}:${target}:ro`] : [];
  }

  private async untilReady(): Promise<void> {
    const ready = ['exec', this.container, ...shell(this.database.health.test)];
    const state = ['inspect', '--format', '{{.State.Running}}', this.container];
    // What is copied or written meanwhile may be much, so only an end is an end.
    while ((await this.docker.run(...state)).trim() === 'true') {
      if (await this.docker.succeeds(...ready)) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const last = (await this.docker.lastLines(this.container, 5)).join('\n');
    throw new DockerError(`the fresh Postgres ended:\n${last}`);
  }
}

/** Postgres reads its settings before it knows abbreviations of time zones, so there is no Z. */
function postgresTime(time: Date): string {
  return `${time.toISOString().slice(0, 23).replace('T', ' ')}+00`;
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
export async function databaseFacts(docker: DockerCli, container: string): Promise<Facts> {
  const psql = ['psql', '-U', 'postgres', '-d', 'product', '-qAtXc', factsQuery.replace(/^--.*$/gm, '')];
  return JSON.parse(`{${await docker.run('exec', container, ...psql)}}`) as Facts;
}

function shell([kind, command]: readonly string[]): string[] {
  return kind === 'CMD-SHELL' ? ['sh', '-c', command!] : [command!];
}
