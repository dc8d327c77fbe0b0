/** What a configuration value may be: how it reads in an error, how text becomes a value, how an editor checks it. */
export interface Kind<T> {
  /** Completes the sentence "<key> must be …". */
  readonly expects: string;
  /** A value that is always right; shown in the command that mends an error. */
  readonly example: string;
  /** The parsed value, or undefined when the text is not of this kind. */
  parse(text: string): T | undefined;
  /** The same rule as JSON Schema, for editors. */
  readonly schema: Record<string, unknown>;
  /** Whether errors must not repeat the value, which may be secret; they end up in logs and comments. */
  isPrivate?(text: string): boolean;
  /** What is wrong with a value that errors must not repeat, in words that follow a colon. */
  problem?(text: string): string;
  /** It holds a password: in the stack's file, for everybody to read, it is refused. */
  readonly isSecret?: true;
  /** A port of the host: no two settings may name the same one. */
  readonly isHostPort?: true;
}

/** A whole number from `min` to `max`, both included. */
export function whole(min: number, max: number, example: number): Kind<number> {
  return {
    expects: `a whole number from ${min} to ${max}`,
    example: String(example),
    parse: (text) => (/^\d{1,9}$/.test(text) && +text >= min && +text <= max ? Number(text) : undefined),
    schema: { type: 'integer', minimum: min, maximum: max },
  };
}

/** A port of the host, of which a user other than root may take one. */
export function hostPort(example: number): Kind<number> {
  return { ...whole(1025, 65535, example), isHostPort: true };
}

/** A decimal number from `min` to `max` with at most two places. */
export function decimal(min: number, max: number, example: number): Kind<number> {
  return {
    expects: `a number from ${min} to ${max} with at most two decimals`,
    example: String(example),
    parse: (text) =>
      /^\d{1,6}(\.\d{1,2})?$/.test(text) && +text >= min && +text <= max ? Number(text) : undefined,
    schema: { type: 'number', minimum: min, maximum: max },
  };
}

/** `true` or `false`. */
export function flag(): Kind<boolean> {
  return {
    expects: 'true or false',
    example: 'true',
    parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
    schema: { type: 'boolean' },
  };
}

/** Text that matches `pattern`; `what` completes "must be …". */
export function text(what: string, pattern: RegExp, example: string): Kind<string> {
  return {
    expects: what,
    example,
    parse: (value) => (pattern.test(value) ? value : undefined),
    schema: { type: 'string', pattern: pattern.source },
  };
}

/** One of a few words. */
export function oneOf<const T extends string>(...words: readonly T[]): Kind<T> {
  return {
    expects: words.join(' or '),
    example: words.at(-1)!,
    parse: (value) => words.find((word) => word === value),
    schema: { type: 'string', enum: words },
  };
}

/** A registry and, where it has any, a folder in it: `registry.example.com:5000/team`. */
export function registryAddress(): Kind<string> {
  const pattern = /^[a-z0-9][a-z0-9.-]{0,200}(:\d{1,5})?(\/[a-z0-9]+([._-][a-z0-9]+)*)*$/;
  return text('a registry like registry.example.com/team', pattern, 'registry.example.com/team');
}

// The grammar of github.com/distribution/reference: [host[:port]/]path[:tag][@digest], at most 255 characters of name.
const imagePattern =
  /^(?=.{1,255}$)([a-zA-Z0-9][a-zA-Z0-9.-]*(:\d{1,5})?\/)?[a-z0-9]+([._-]+[a-z0-9]+)*(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@sha256:[a-f0-9]{64})?$/;

/** An image reference such as `registry.example.com/team/api:1.2` or one with `@sha256:…`. */
export function imageReference(): Kind<string> {
  return text('an image reference like team/api:1.2', imagePattern, 'team/api:1.2');
}

/** An absolute path of a URL, such as `/healthz`. */
export function urlPath(): Kind<string> {
  return text('a path that starts with /', /^\/[A-Za-z0-9._~/-]{0,200}$/, '/healthz');
}

/** An absolute path of the host; neither its root nor a way back up. Docker takes `:` and `,` for its own. */
export function hostFolder(): Kind<string> {
  const part = '/(?!\\.{1,2}(/|$))[A-Za-z0-9._@ +~-]{1,100}';
  return text('an absolute path like /srv/backups', new RegExp(`^(${part}){1,20}$`), '/srv/backups');
}

/** A user by numbers, `uid:gid`, neither of them root's. */
export function userId(): Kind<string> {
  return text('uid:gid, two numbers other than 0', /^[1-9]\d{0,9}:[1-9]\d{0,9}$/, '1000:1000');
}

/** A umask as a shell prints it: the bits that a new file does not get, octal. */
export function fileMask(): Kind<string> {
  return text('an octal umask that leaves the owner everything', /^0?0[0-7]{2}$/, '022');
}

const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';

/** A literal IPv4 address of this host; 0.0.0.0 means every interface and must be chosen on purpose. */
export function ipv4Address(): Kind<string> {
  return text('an IPv4 address', new RegExp(`^${octet}(\\.${octet}){3}$`), '127.0.0.1');
}

/** Host names with commas between them, such as `shop.example,www.shop.example`. */
export function hostNames(): Kind<string[]> {
  const name = '(?!-)[a-z0-9-]{1,63}(?<!-)';
  const host = `${name}(\\.${name})*`;
  const pattern = new RegExp(`^${host}(,${host})*$`);
  return {
    ...text('host names with commas between them', pattern, 'shop.example,www.shop.example'),
    parse: (value) => (pattern.test(value) && value.length <= 2000 ? value.split(',') : undefined),
  };
}

const cronRanges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

/** A schedule as crontab(5) has it: minute hour day month weekday. */
export function cronSchedule(): Kind<string> {
  const kind = text('five fields of crontab: minute hour day month weekday', /^(\S+ ){4}\S+$/, "'0 3 * * *'");
  const fits = (field: string, index: number) =>
    field.split(',').every((part) => isCronPart(part, cronRanges[index]!));
  return { ...kind, parse: (value) => (kind.parse(value)?.split(' ').every(fits) ? value : undefined) };
}

/** `*`, `7`, `1-5`, each perhaps with a step: `1-5/2`. */
function isCronPart(part: string, [lowest, highest]: readonly [number, number]): boolean {
  const match = /^(\*|(\d{1,2})(-(\d{1,2}))?)(\/([1-9]\d?))?$/.exec(part);
  if (!match) return false;
  const [first, last] = [Number(match[2] ?? lowest), Number(match[4] ?? match[2] ?? highest)];
  return lowest <= first && first <= last && last <= highest;
}

/** The last part of a data volume's name. */
export function dataVolumeName(): Kind<string> {
  return text(
    'database-data, or that with - and more behind it',
    /^database-data(-[a-z0-9-]{1,60})?$/,
    'database-data',
  );
}

/** PEM text of one `what`, such as CERTIFICATE; a file's path is replaced by its text before (stack-config.ts). */
export function pem(what: string, example: string): Kind<string> {
  const pattern = new RegExp(`^\\s*-----BEGIN ${what}-----`);
  return {
    ...text(`PEM text, or the path of a file with it`, pattern, example),
    // The stack's file may name a file.
    schema: { type: 'string' },
    isPrivate: (value) => value.includes('-----') || value.length > 200,
  };
}

/** Environment variables as JSON: `{"LOG_LEVEL":"debug"}`. */
export function environment(): Kind<Record<string, string>> {
  return {
    expects: 'a JSON object of environment variables with text values',
    example: `'{"LOG_LEVEL":"debug"}'`,
    parse: parseEnvironment,
    isPrivate: () => true,
    schema: { type: 'string', contentMediaType: 'application/json' },
  };
}

function parseEnvironment(value: string): Record<string, string> | undefined {
  try {
    const parsed: unknown = JSON.parse(value);
    return isEnvironment(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isEnvironment(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(
      ([name, v]) => /^[A-Za-z_]\w*$/.test(name) && typeof v === 'string' && !v.includes('\0'),
    )
  );
}
