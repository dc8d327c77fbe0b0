import { closed, environment, type Limits } from '../engine/closed-run.ts';
import { DockerError, type DockerCli } from '../engine/docker-cli.ts';
import { labelKeys, stackPrefix } from '../stacks/labels.ts';
import type { Settings } from '../stacks/settings.ts';
import { tmpfs } from '../stacks/tmpfs.ts';

type ToolName = 'postgres' | 'mariadb' | 'converter';

/** A container that is there as long as an import is. */
interface Tool extends Limits {
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
}

/**
 * Databases that a dump is unpacked in: containers beside a stack and linked to nothing of it. They have no network, only a loopback
 * that they share, and are as closed as services; whatever a dump makes them do stays in there. `dispose` takes all of it away.
 */
export class Workshop {
  private readonly docker: DockerCli;
  private readonly stack: string;
  private readonly tools: Readonly<Record<ToolName, Tool>>;

  constructor(docker: DockerCli, settings: Settings) {
    this.docker = docker;
    this.stack = settings.stack;
    this.tools = {
      postgres: postgres(settings),
      mariadb: mariadb(settings),
      converter: converter(settings),
    };
  }

  /**
   * Starts an empty Postgres. Its caller is alone (engine/at-work.ts), so what is there is of an import that was killed.
   * @throws Error when it does not come up.
   */
  async startPostgres(): Promise<void> {
    await this.dispose();
    await this.start('postgres', ['--network', 'none']);
    await this.untilReady('postgres', ['pg_isready', '-qh', '127.0.0.1', '-U', 'postgres']);
  }

  /** Starts an empty MariaDB beside it. */
  async startMariadb(): Promise<void> {
    await this.start('mariadb', this.beside);
    await this.untilReady('mariadb', ['mariadb', ...mariadbLogin, '-e', 'SELECT 1']);
  }

  /** What a command in one of them prints; it reads `input`. @throws what `input` throws, or DockerError */
  feed(tool: ToolName, command: readonly string[], input: AsyncIterable<Buffer | string>): Promise<string> {
    return this.docker.fed(['exec', '-i', this.container(tool), ...command], input);
  }

  /** What SQL answers, as lines. @throws DockerError */
  sql(tool: 'postgres' | 'mariadb', text: string): Promise<string[]> {
    const client =
      tool === 'postgres'
        ? ['psql', ...postgresLogin, '-qAtXc', text]
        : ['mariadb', ...mariadbLogin, '--batch', '--raw', '--skip-column-names', '-e', text];
    return this.docker.lines('exec', this.container(tool), ...client);
  }

  /** The same of Postgres, piece by piece. */
  output(text: string): AsyncIterable<Buffer> {
    const session = 'PGOPTIONS=-c timezone=UTC -c datestyle=ISO -c bytea_output=hex';
    const psql = ['psql', ...postgresLogin, '-qAtXc', text];
    return this.docker.output(['exec', '--env', session, this.container('postgres'), ...psql]);
  }

  /** Runs the converter on its command file. Returns what it said. @throws DockerError */
  convert(commands: string): Promise<string> {
    const tool = this.tools.converter;
    const run = ['run', '--rm', '--interactive', ...this.options('converter', this.beside)];
    return this.docker.fed([...run, tool.image, ...tool.command], once(commands));
  }

  /** Removes everything, whatever state it is in. */
  async dispose(): Promise<void> {
    const names = (['converter', 'mariadb', 'postgres'] as const).map((tool) => this.container(tool));
    await this.docker.run('rm', '--force', '--volumes', ...names).catch(() => undefined);
  }

  private container(tool: ToolName): string {
    return `${stackPrefix(this.stack)}-import-${tool}`;
  }

  private get beside(): string[] {
    return ['--network', `container:${this.container('postgres')}`];
  }

  private async start(name: ToolName, network: readonly string[]): Promise<void> {
    const { image, command } = this.tools[name];
    await this.docker.run('run', '--detach', ...this.options(name, network), image, ...command);
  }

  private options(name: ToolName, network: readonly string[]): string[] {
    const tool = this.tools[name];
    return [
      ...['--name', this.container(name), ...network, '--pids-limit', '512', '--log-opt', 'max-size=10m'],
      ...['--label', `${labelKeys.stack}=${this.stack}`, '--label', `${labelKeys.role}=job`],
      ...['--label', `${labelKeys.service}=import`],
      ...closed(tool),
      ...environment(tool.env),
    ];
  }

  private async untilReady(tool: ToolName, ready: readonly string[]): Promise<void> {
    const container = this.container(tool);
    for (const until = Date.now() + 120_000; Date.now() < until;) {
      if (await this.docker.succeeds('exec', container, ...ready)) return;
      const state = await this.docker.run('inspect', '--format', '{{.State.Running}}', container);
      if (state.trim() !== 'true') break;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    const last = (await this.docker.lastLines(container, 5)).join('\n');
    throw new DockerError(`the temporary ${tool} did not come up:\n${last}`);
  }
}

/** What psql and pg_restore are told of the temporary Postgres. */
export const postgresLogin = ['--username=postgres', '--dbname=import'];

/** What mariadb is told. */
export const mariadbLogin = ['--host=127.0.0.1', '--user=root', '--default-character-set=utf8mb4'];

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

function postgres({ postgresImage }: Settings): Tool {
  return {
    image: postgresImage,
    // Nobody but the containers here has this loopback.
    env: {
      POSTGRES_DB: 'import',
      POSTGRES_HOST_AUTH_METHOD: 'trust',
      POSTGRES_INITDB_ARGS: '--encoding=UTF8',
    },
    // What is lost with the machine is imported again.
    command: ['postgres', '-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_wal_size=1GB'],
    user: '999:999',
    memoryMiB: 512,
    cpus: 2,
    tmpfs: { ...tmpfs(64), '/var/run/postgresql': runFolder },
  };
}

function mariadb(settings: Settings): Tool {
  const options = {
    'character-set-server': 'utf8mb4',
    'collation-server': 'utf8mb4_general_ci',
    'default-time-zone': '+00:00',
    'innodb-doublewrite': '0',
    'innodb-flush-log-at-trx-commit': '0',
    'max-allowed-packet': '1G',
  };
  return {
    image: settings['import.mariadbImage'],
    env: { MARIADB_ALLOW_EMPTY_ROOT_PASSWORD: '1', MARIADB_DATABASE: 'import' },
    command: ['mariadbd', ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)],
    user: '999:999',
    memoryMiB: 1024,
    cpus: 2,
    tmpfs: { ...tmpfs(256), '/run/mysqld': runFolder },
  };
}

function converter(settings: Settings): Tool {
  return {
    image: settings['import.converterImage'],
    env: { HOME: '/tmp' },
    command: ['sh', '-c', 'cat >/tmp/import.load && exec pgloader --on-error-stop /tmp/import.load'],
    user: '65534:65534',
    memoryMiB: 1024,
    cpus: 2,
    tmpfs: tmpfs(64),
  };
}

const runFolder = 'rw,noexec,nosuid,nodev,size=1m,mode=0755,uid=999,gid=999';
