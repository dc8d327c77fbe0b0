import type { Query, Row, Statement } from './database.ts';
import { Turns } from './turns.ts';

/** Runs a statement that only reads, with a turn of `turns`; calls `begin` right before it is sent. */
export type Read = (statement: Statement, turns: Turns, begin: () => void) => Promise<Row[]>;

/** How long to wait, milliseconds. */
export interface Patience {
  /** One read after the other of those that are the same, unless one takes longer than this. */
  readonly turn: number;
  /** A group's deadline is that of its first: who comes later than this would lose too much of his own. */
  readonly joining: number;
}

/** Those who ask the same. */
interface Line {
  readonly turns: Turns;
  /** Groups that have no answer yet. */
  groups: number;
  /** The one that may still be joined. */
  open?: { readonly rows: Promise<Row[]>; readonly since: number } | undefined;
}

/**
 * Reads of which those that are the same share one answer, the very same array, as long as it has not been asked for. Nobody joins
 * a read that is already on its way: whoever asks after a write reads what was written.
 */
export function sharedReads(read: Read, patience: Patience = { turn: 20, joining: 200 }): Query {
  const lines = new Map<string, Line>();
  return (statement) => {
    const key = `${statement.name ?? statement.text} ${JSON.stringify(statement.values)}`;
    const line = lines.get(key) ?? { turns: new Turns(patience.turn), groups: 0 };
    const { open } = line;
    if (open && performance.now() - open.since < patience.joining) return open.rows;
    lines.set(key, line);
    return startGroup(line, statement, read, () => lines.delete(key));
  };
}

function startGroup(line: Line, statement: Statement, read: Read, forget: () => void): Promise<Row[]> {
  const close = (): void => {
    if (line.open === group) line.open = undefined;
  };
  const rows = read(statement, line.turns, close).finally(() => {
    close();
    if (--line.groups === 0) forget();
  });
  const group = { rows, since: performance.now() };
  line.open = group;
  line.groups++;
  return rows;
}
