import pino, { type DestinationStream, type LoggerOptions } from 'pino';

/** How long a line may wait to be written with others, milliseconds. */
const patience = 200;

/** Lines are written at once from here on, bytes. */
const enough = 8192;

/**
 * The logger's options: JSON lines, no host name, no process id (Docker knows both). Lines are written together, as a write for each
 * would cost a tenth of what a request does; an error, and whatever is there when the process ends, is written at once.
 */
export function logging(level: string, release: string): LoggerOptions & { stream: DestinationStream } {
  const stream = pino.destination({ dest: 1, sync: true, minLength: enough, periodicFlush: patience });
  process.once('exit', () => stream.flushSync());
  return {
    level,
    base: { release },
    stream,
    hooks: {
      logMethod(args, log, severity) {
        log.apply(this, args);
        if (severity >= pino.levels.values['error']!) stream.flushSync();
      },
    },
  };
}
