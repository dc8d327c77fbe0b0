import { styleText } from 'node:util';

/** One line of a container's log. */
export interface LogLine {
  /** `product-api-2`. */
  readonly source: string;
  /** When the engine got it, as ISO text. */
  readonly time: string;
  readonly text: string;
}

const colours = ['cyan', 'magenta', 'yellow', 'blue', 'green', 'gray'] as const;

/** Splits what `docker logs --timestamps` wrote. */
export function parseLine(source: string, line: string): LogLine {
  const space = line.indexOf(' ');
  return space < 0
    ? { source, time: line, text: '' }
    : { source, time: line.slice(0, space), text: line.slice(space + 1) };
}

/** Whether a line is about the request; every hop logs its id as reqId. */
export function isAbout({ text }: LogLine, requestId: string | undefined): boolean {
  return requestId === undefined || text.includes(requestId);
}

/** A line for a person: time, source, and of JSON what matters first. */
export function formatLine({ source, time, text }: LogLine, width: number): string {
  const service = source.replace(/-\d+$/, '');
  const colour =
    colours[[...service].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % colours.length]!;
  return `${styleText('dim', time.slice(11, 23))} ${styleText(colour, source.padEnd(width))} ${readable(text)}`;
}

/** `GET /api/products 200 12 ms reqId=…` for a request, the message for the rest; what is not JSON stays as it is. */
export function readable(text: string): string {
  const entry = parseJson(text);
  if (entry === undefined) return text;
  const { method, url, status, ms, seconds, msg, level, reqId, err } = entry;
  const took = ms ?? (typeof seconds === 'number' ? Math.round(seconds * 1000) : undefined);
  const request = method ? `${String(method)} ${String(url)} ${statusText(status)} ${String(took)} ms` : '';
  const error =
    typeof err === 'object' && err !== null ? String((err as { message?: unknown }).message ?? '') : '';
  const problem =
    typeof level === 'number' && level >= 40 ? styleText('red', level >= 50 ? 'error' : 'warning') : '';
  const parts = [problem, request, msg, error, reqId && styleText('dim', `reqId=${String(reqId)}`)];
  return parts.filter(Boolean).join(' ');
}

function statusText(status: unknown): string {
  return Number(status) >= 500 ? styleText('red', String(status)) : String(status);
}

function parseJson(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
