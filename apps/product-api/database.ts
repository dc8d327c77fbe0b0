import { readFileSync } from 'node:fs';
import pg from 'pg';
import { Problem } from '../kit/problem.ts';

/** Where the database is, and how long one request may wait for it. */
export interface DatabaseOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Read anew for every connection, so that a changed password is picked up. */
  readonly passwordFile: string;
  readonly poolSize: number;
  readonly timeoutMs: number;
}

/** A statement; `name` makes Postgres prepare it once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

export type Row = Record<string, unknown>;

/** A pool of connections that answers within its timeout or fails with 503, whatever state the database is in. */
export class Database {
  private readonly pool: pg.Pool;
  private readonly timeoutMs: number;

  constructor({ host, port, database, user, passwordFile, poolSize, timeoutMs }: DatabaseOptions) {
    this.timeoutMs = timeoutMs;
    this.pool = new pg.Pool({
      host,
      port,
      database,
      user,
      password: () => readFileSync(passwordFile, 'utf8').trim(),
      max: poolSize,
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
      application_name: 'product-api',
    });
    // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
    this.pool.on('error', () => undefined);
  }

  /** Rows of one statement. @throws Problem 503, or the database's own error. */
  async query(statement: Statement): Promise<Row[]> {
    return this.withClient(async (client) => (await client.query(statement)).rows as Row[]);
  }

  /** Runs `work` in one transaction. @throws as query does; nothing is kept then. */
  async transaction<T>(work: (query: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T> {
    return this.withClient(async (client) => {
      await client.query('BEGIN');
      try {
        const result = await work(async (statement) => (await client.query(statement)).rows as Row[]);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        if (isDatabaseError(error) || error instanceof Problem) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return deadline(this.timeoutMs, this.useClient(work));
  }

  private async useClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    let client: pg.PoolClient;
    try {
      client = await this.pool.connect();
    } catch (error) {
      throw unavailable(error);
    }
    try {
      const result = await work(client);
      client.release();
      return result;
    } catch (error) {
      // After anything but an answer of Postgres the connection is in an unknown state: throw it away.
      const healthy = error instanceof Problem || (isDatabaseError(error) && !isAway(error));
      client.release(!healthy);
      throw healthy ? error : unavailable(error);
    }
  }
}

/** Whether Postgres itself said it. */
export function isDatabaseError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError;
}

// Classes of SQLSTATE that mean "not now": connection exceptions, out of resources, operator intervention (shutdown, cancel), 25006
// (read-only while recovering). https://www.postgresql.org/docs/current/errcodes-appendix.html
function isAway({ code = '' }: pg.DatabaseError): boolean {
  return /^(08|53|57|28)/.test(code) || code === '25006';
}

function unavailable(cause: unknown): Problem {
  const problem = new Problem(503, 'The database does not answer. Try again in a second.', {
    headers: { 'retry-after': '1' },
  });
  problem.cause = cause;
  return problem;
}

function deadline<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(unavailable(new Error(`no answer within ${ms} ms`))), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
