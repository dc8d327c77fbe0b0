import type pg from 'pg';
import type { Credentials } from './credentials.ts';
import { createPool, type DatabaseOptions } from './pool.ts';

/**
 * Tells a database that is away from one that is slow: any answer to anybody in this process is a sign of life, and when there is
 * none, a connection of its own asks for one. So a full disk queue is waited for, and an unplugged database is not.
 */
export class Pulse {
  private readonly probes: pg.Pool;
  private readonly credentials: Credentials;
  private readonly silenceMs: number;
  private heard = 0;
  private probing = false;

  constructor(options: DatabaseOptions, credentials: Credentials) {
    this.credentials = credentials;
    this.silenceMs = options.silenceMs;
    const { silenceMs } = options;
    this.probes = createPool({ ...options, poolSize: 1, readMs: silenceMs, writeMs: silenceMs }, credentials);
  }

  /** Something was heard. */
  beat(): void {
    this.heard = performance.now();
  }

  /**
   * Calls `giveUp` once, when Postgres has been silent too long or `patienceMs` have passed.
   * @returns stops the watch.
   */
  watch(patienceMs: number, giveUp: (why: string) => void): () => void {
    const begun = performance.now();
    let timer: NodeJS.Timeout;
    let turn: NodeJS.Immediate | undefined;
    const look = (): void => {
      const left = patienceMs - (performance.now() - begun);
      const silence = performance.now() - Math.max(begun, this.heard);
      if (left < 1) return giveUp(`no answer within ${patienceMs} ms`);
      if (silence > this.silenceMs - 1) return giveUp(`not a sign of life for ${this.silenceMs} ms`);
      lookIn(Math.min(left, this.next(silence)));
    };
    // A process that was itself starved runs its timers before it reads what has long arrived: look after the reading.
    const lookIn = (ms: number): void => {
      timer = setTimeout(() => (turn = setImmediate(look)), ms);
    };
    lookIn(this.silenceMs / 2);
    return () => {
      clearTimeout(timer);
      clearImmediate(turn);
    };
  }

  close(): Promise<void> {
    return this.probes.end();
  }

  /** Milliseconds until the next look: half-way through the silence a probe is sent. */
  private next(silence: number): number {
    const half = this.silenceMs / 2;
    if (silence < half - 1) return half - silence;
    void this.probe();
    return this.silenceMs - silence;
  }

  private async probe(): Promise<void> {
    if (this.probing) return;
    this.probing = true;
    const question = { text: 'SELECT 1', query_timeout: this.silenceMs };
    await this.credentials
      .connect(() => this.probes.query(question))
      .then(
        () => this.beat(),
        () => undefined,
      );
    this.probing = false;
  }
}
