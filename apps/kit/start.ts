import { inspect } from 'node:util';

/** Runs the start of a process. A failure is told on stderr in plain words, without a stack, and ends the process with code 1. */
export async function startOrFail(start: () => Promise<void>): Promise<void> {
  try {
    await start();
  } catch (error) {
    process.stderr.write(`${inWords(error)}\n`);
    process.exit(1);
  }
}

/** An error with its causes, as a person reads them; one that is a bug keeps its stack. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error) || /^(Type|Reference|Range|Syntax)Error$/.test(error.name))
    return inspect(error);
  const said = error.message || ('code' in error ? String(error.code) : error.name);
  return error.cause === undefined ? said : `${said}: ${inWords(error.cause)}`;
}
