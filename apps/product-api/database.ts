import pg from 'pg';
import { Problem } from '../kit/problem.ts';
import { Credentials } from './credentials.ts';
import { Lease } from './lease.ts';
import { createPool, type DatabaseOptions } from './pool.ts';
import { Pulse } from './pulse.ts';
import { sharedReads } from './shared-reads.ts';
import type { Turns } from './turns.ts';

/** A statement; `name` makes Postgres prepare it once per connection. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
}

export type Row = Record<string, unknown>;

/** Runs one statement. @throws Problem 503, or the database's own error. */
export type Query = (statement: Statement) => Promise<Row[]>;

/** What a request has of the pool; `late` when nobody waits for it any more. */
interface Loan {
  lease?: Lease;
  late?: true;
}

/** A database that answers in time or fails with 503: at once when Postgres is away, later when it is only slow. */
export class Database {
  private readonly pool: pg.Pool;
  private readonly credentials: Credentials;
  private readonly pulse: Pulse;
  private readonly options: DatabaseOptions;

  constructor(options: DatabaseOptions) {
    this.options = options;
    this.credentials = new Credentials(options.passwordFiles);
    this.pool = createPool(options, this.credentials);
    this.pulse = new Pulse(options, this.credentials);
  }

  /** Runs one statement that only reads. */
  readonly query: Query = (statement) => this.borrow((query) => query(statement), this.options.readMs);

  /** The same; those who ask the same at the same time may share the rows. */
  readonly share: Query = sharedReads((statement, turns, begin) =>
    this.borrow(
      (query) => {
        begin();
        return query(statement);
      },
      this.options.readMs,
      turns,
    ),
  );

  /** Runs one statement that writes. */
  readonly write: Query = (statement) => this.borrow((query) => query(statement), this.options.writeMs);

  /** Runs `work` in one transaction. @throws as query does; nothing is kept then. */
  transaction<T>(work: (query: Query) => Promise<T>): Promise<T> {
    return this.borrow(async (query) => {
      await query({ text: 'BEGIN' });
      try {
        const result = await work(query);
        await query({ text: 'COMMIT' });
        return result;
      } catch (error) {
        if (isAnswer(error)) await query({ text: 'ROLLBACK' });
        throw error;
      }
    }, this.options.writeMs);
  }

  /** The pool's connections by what they do, and how many requests wait for one. */
  usage(): { busy: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }

  async close(): Promise<void> {
    await Promise.all([this.pool.end(), this.pulse.close()]);
  }

  /** One deadline for all of it: the wait for a turn and for a connection, and every statement of `work`. */
  private borrow<T>(work: (query: Query) => Promise<T>, patienceMs: number, turns?: Turns): Promise<T> {
    return new Promise((resolve, reject) => {
      const loan: Loan = {};
      const stop = this.pulse.watch(patienceMs, (why) => {
        loan.late = true;
        loan.lease?.end({ broken: true });
        reject(unavailable(new Error(why)));
      });
      const settle =
        <V>(tell: (value: V) => void) =>
        (value: V) => {
          stop();
          tell(value);
        };
      this.inTurn(loan, work, turns).then(settle(resolve), settle(reject));
    });
  }

  private async inTurn<T>(loan: Loan, work: (query: Query) => Promise<T>, turns?: Turns): Promise<T> {
    await turns?.take();
    try {
      return await this.useLease(loan, work);
    } finally {
      turns?.giveBack();
    }
  }

  private async useLease<T>(loan: Loan, work: (query: Query) => Promise<T>): Promise<T> {
    if (loan.late) throw new Problem(503, 'too late');
    const client = await this.connect();
    const lease = (loan.lease = new Lease(client));
    try {
      if (loan.late) throw new Problem(503, 'too late');
      return await work((statement) => this.ask(client, statement));
    } catch (error) {
      if (isAnswer(error)) throw error;
      // The connection is in an unknown state: nobody else may get it.
      lease.end({ broken: true });
      throw unavailable(error);
    } finally {
      lease.end({ broken: false });
    }
  }

  private connect(): Promise<pg.PoolClient> {
    return this.credentials
      .connect(() => this.pool.connect())
      .catch((error: unknown) => Promise.reject(unavailable(error)));
  }

  private async ask(client: pg.PoolClient, statement: Statement): Promise<Row[]> {
    const { rows } = await client.query(statement);
    this.pulse.beat();
    return rows as Row[];
  }
}

/** Whether Postgres itself said it. */
export function isDatabaseError(error: unknown): error is pg.DatabaseError {
  return error instanceof pg.DatabaseError;
}

/** An error after which the connection is as good as before. */
function isAnswer(error: unknown): boolean {
  return error instanceof Problem || (isDatabaseError(error) && !isAway(error));
}

// Classes of SQLSTATE that mean "not now": connection exceptions, wrong password (while it is being changed), transactions that got in
// each other's way, out of resources, operator intervention (shutdown, timeout); and 25006, read-only while recovering.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
function isAway({ code = '' }: pg.DatabaseError): boolean {
  return /^(08|28|40|53|57)/.test(code) || code === '25006';
}

function unavailable(cause: unknown): Problem {
  const problem = new Problem(503, 'The database does not answer. Try again in a second.', {
    headers: { 'retry-after': '1' },
  });
  problem.cause = cause;
  return problem;
}
