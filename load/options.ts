import { parseArgs } from 'node:util';

/** What the users of a load do. */
export const mixes = ['browse', 'api', 'write', 'all'] as const;
export type Mix = (typeof mixes)[number];

/** What a load is. */
export interface LoadOptions {
  /** Users at the same time. */
  readonly vus: number;
  readonly durationMs: number;
  /** Where edge is, such as http://127.0.0.1:8080. */
  readonly url: string;
  readonly mix: Mix;
  /** Time of a user between an answer and the next request. 0: all users have a request in flight at every moment. */
  readonly pauseMs: number;
  /** Lost requests that are still good. */
  readonly maxErrors: number;
  readonly maxP99Ms: number;
  /** Folder for report.html and report.json. */
  readonly output: string;
  /** Whether the target may be outside 127.0.0.0/8. */
  readonly anyHost: boolean;
}

/** Every mistake of a command line, a line each. */
export class UsageError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'UsageError';
  }
}

/** Parses the command line; `url` is the default target. @throws UsageError */
export function parseLoadOptions(args: readonly string[], defaults: { url: string }): LoadOptions | 'help' {
  const given = readFlags(args);
  if (given['help']) return 'help';
  const problems: string[] = [];
  const read = <T>(flag: string, fallback: T, expects: string, parse: (text: string) => T | undefined): T => {
    const text = given[flag] as string | undefined;
    if (text === undefined) return fallback;
    const value = parse(text);
    if (value === undefined) problems.push(`--${flag} must be ${expects}, got "${text}"`);
    return value ?? fallback;
  };
  const options: LoadOptions = {
    vus: read('vus', 100, 'a whole number from 1 to 2000', (text) => whole(text, 1, 2000)),
    durationMs: read('duration', 60_000, 'a time from 1s to 2h, such as 90s', (text) =>
      time(text, 1000, 7.2e6),
    ),
    url: read('url', defaults.url, 'an address such as http://127.0.0.1:8080', origin),
    mix: read('mix', 'all', mixes.join(', '), (text) => mixes.find((mix) => mix === text)),
    pauseMs: read('pause', 0, 'a time from 0s to 60s, such as 500ms', (text) => time(text, 0, 60_000)),
    maxErrors: read('max-errors', 0, 'a whole number', (text) => whole(text, 0, 1e9)),
    maxP99Ms: read('max-p99', 500, 'a time such as 500ms', (text) => time(text, 1, 60_000)),
    output: read('output', '.ci/output/load', 'a folder', (text) => text || undefined),
    anyHost: given['any-host'] === true,
  };
  if (problems.length > 0) throw new UsageError(problems);
  return options;
}

function readFlags(args: readonly string[]): Record<string, string | boolean | undefined> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const values = { vus: text, duration: text, url: text, mix: text, pause: text, output: text };
  try {
    const limits = { 'max-errors': text, 'max-p99': text };
    const options = { ...values, ...limits, 'any-host': flag, help: flag };
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new UsageError([(error as Error).message.split('. To specify')[0]!]);
  }
}

function whole(text: string, min: number, max: number): number | undefined {
  return /^\d{1,9}$/.test(text) && +text >= min && +text <= max ? +text : undefined;
}

const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Milliseconds of a time such as 500ms, 90s, 1.5m or 2h. */
function time(text: string, min: number, max: number): number | undefined {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Number(amount) * (units[unit ?? ''] ?? NaN);
  return ms >= min && ms <= max ? ms : undefined;
}

function origin(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin: value } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? value : undefined;
}
