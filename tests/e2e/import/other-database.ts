import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { docker, eventually } from '../support/run.ts';

/** A database of another team, in a container of the test's own, on no network. */
export class OtherDatabase {
  private readonly name: string;
  private readonly image: string;
  private readonly client: readonly string[];

  constructor(kind: 'mariadb' | 'postgres') {
    this.name = `e2e-import-${kind}-${process.pid}`;
    [this.image, this.client] = kind === 'mariadb' ? mariadb : postgres;
  }

  async start(): Promise<void> {
    const open = ['MARIADB_ALLOW_EMPTY_ROOT_PASSWORD=1', 'POSTGRES_HOST_AUTH_METHOD=trust'];
    const env = open.flatMap((one) => ['--env', one]);
    await docker('run', '--detach', '--name', this.name, '--network', 'none', ...env, this.image);
    await eventually(60, 'the other database', () => this.sql('SELECT 1'));
  }

  /** Runs SQL; returns what it answers, tabs or | between values. */
  async sql(text: string): Promise<string> {
    const output = execFileSync('docker', ['exec', '-i', this.name, ...this.client], {
      ...{ input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 2 ** 26 },
    });
    return output.trim();
  }

  /** Writes what a program in it prints, to `file`, byte by byte. */
  dump(file: string, ...command: string[]): void {
    writeFileSync(file, execFileSync('docker', ['exec', this.name, ...command], { maxBuffer: 2 ** 26 }));
  }

  async remove(): Promise<void> {
    await docker('rm', '--force', '--volumes', this.name);
  }
}

const mariadb = [
  'mariadb:11.8',
  [
    ...['mariadb', '--host=127.0.0.1', '--user=root', '--default-character-set=utf8mb4', '--batch', '--raw'],
    '--skip-column-names',
  ],
] as const;
const postgres = [
  'postgres:18-trixie',
  ['psql', '--username=postgres', '--host=127.0.0.1', '-qAtX', '-v', 'ON_ERROR_STOP=1'],
] as const;
