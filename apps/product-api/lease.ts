import type pg from 'pg';

/** A connection on loan from the pool, given back once. */
export class Lease {
  readonly client: pg.PoolClient;
  private over = false;

  constructor(client: pg.PoolClient) {
    this.client = client;
  }

  /** Gives it back; a `broken` one, or one whose answer is still on its way, is thrown away instead. */
  end({ broken }: { broken: boolean }): void {
    if (this.over) return;
    this.over = true;
    this.client.release(broken);
  }
}
