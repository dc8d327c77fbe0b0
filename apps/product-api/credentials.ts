import { existsSync, readFileSync } from 'node:fs';

/**
 * The password for new connections. While it is being rotated, Postgres may know only the previous one: the one that was let in
 * last is offered first. Files are read anew each time.
 */
export class Credentials {
  private readonly files: readonly string[];
  private turn = 0;

  constructor(files: readonly string[]) {
    this.files = files;
  }

  password(): string {
    return readFileSync(this.files[this.turn]!, 'utf8').trim();
  }

  /** Connects; when the password is refused, once more with the other one. */
  async connect<T>(attempt: () => Promise<T>): Promise<T> {
    const { turn } = this;
    try {
      return await attempt();
    } catch (error) {
      const next = (turn + 1) % this.files.length;
      if (!isRefused(error) || next === turn || !existsSync(this.files[next]!)) throw error;
      // Of several that were refused at once, the first changes over.
      if (this.turn === turn) this.turn = next;
      return attempt();
    }
  }
}

/** invalid_password and invalid_authorization_specification, https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isRefused(error: unknown): boolean {
  return ['28P01', '28000'].includes((error as { code?: string }).code ?? '');
}
