import { DockerError, type DockerCli } from '../engine/docker-cli.ts';

/** What Postgres says became of a transaction; undefined where it could not be asked. */
export type Fate = 'committed' | 'aborted' | undefined;

/** A psql in the stack's Postgres that runs one transaction; when it breaks, what became of that is asked for. */
export class Session {
  private readonly docker: DockerCli;
  private readonly database: string;
  private readonly name = `product-import-${process.pid}`;

  /** @param database its container. */
  constructor(docker: DockerCli, database: string) {
    this.docker = docker;
    this.database = database;
  }

  /**
   * What psql prints, which reads `script`; with what it could not print any more where all of it came to pass.
   * @throws Error that says whether anything was changed; or what `script` throws, and then nothing was.
   */
  async run(script: AsyncIterable<string>, signal: AbortSignal): Promise<string> {
    const psql = [
      'psql',
      '--username=postgres',
      '--dbname=product',
      '-qAtX',
      '--set=ON_ERROR_STOP=1',
      '--file=-',
    ];
    const command = ['exec', '-i', '--env', `PGAPPNAME=${this.name}`, this.database, ...psql];
    let isAllSent = false;
    async function* watched(): AsyncGenerator<string> {
      yield* script;
      isAllSent = true;
    }
    try {
      return await this.docker.until(signal).fed(command, watched());
    } catch (error) {
      const printed = error instanceof DockerError ? error.printed : '';
      const transaction = transactionOf(printed);
      const isUnknown = transaction === undefined && isAllSent;
      const fate = isUnknown ? undefined : await this.fate(transaction).catch(() => undefined);
      if (fate === 'committed') return `${printed}\n{"taken": true}\n`;
      if (!(error instanceof DockerError)) throw error;
      throw new Error(failureText(error.message, fate, signal.aborted), { cause: error });
    }
  }

  /** Ends the transaction if it is still at work. One whose number has not arrived had not been told to come to its end. */
  private async fate(transaction: string | undefined): Promise<Fate> {
    const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${this.name}'`;
    const ask = `SELECT coalesce(txid_status(${transaction ?? 'NULL'}), 'aborted')`;
    for (const until = Date.now() + 30_000; Date.now() < until;) {
      const psql = ['psql', '-U', 'postgres', '-qAtX', '-c', end, '-c', ask];
      const said = (await this.docker.lines('exec', this.database, ...psql)).at(-1);
      if (said !== 'in progress') return said as Fate;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    return undefined;
  }
}

/** The number of the transaction, which begin.sql prints first. */
function transactionOf(printed: string): string | undefined {
  return /^\{"transaction" : "(\d+)"\}$/m.exec(printed)?.[1];
}

/** What a person is told of a transaction that did not come to its end. */
export function failureText(said: string, fate: Fate, isStopped: boolean): string {
  const unknown =
    'Postgres could not be asked whether they were taken. When it is up again, the same command with --dry-run tells';
  if (isStopped) return `stopped; ${fate === undefined ? unknown : 'nothing was changed'}`;
  const reason = said
    .replace(/^psql:<stdin>:\d+: /gm, '')
    .split('\n')
    .slice(0, 3)
    .join('\n');
  if (fate === undefined) return `the connection to Postgres broke, and ${unknown}: ${reason}`;
  return `Postgres does not take them, and nothing was changed: ${reason}`;
}
