import { existsSync, readFileSync } from 'node:fs';

/**
 * The password for new connections. While it is being rotated, Postgres may know only the previous one: the one that was let in
 * last is offered first. Files are read anew each time.
 */
export class Credentials {
  private readonly files: readonly string[];
  private readonly known = new Map<string, string>();
  private turn = 0;

  constructor(files: readonly string[]) {
    this.files = files;
  }

  /** @throws Error when the file has never been there. */
  password(): string {
    const file = this.files[this.turn]!;
    const password = read(file) || this.known.get(file);
    if (!password) throw new Error(`there is no password in ${file}`);
    this.known.set(file, password);
    return password;
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

/** Docker replaces a file by taking it away and writing it anew: for a moment it is missing or empty, and what was read before holds. */
function read(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
}

/** invalid_password and invalid_authorization_specification, https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isRefused(error: unknown): boolean {
  return ['28P01', '28000'].includes((error as { code?: string }).code ?? '');
}
