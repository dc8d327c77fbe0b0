import { contradictions, mend } from './contradictions.ts';
import { nearest } from './nearest.ts';
import { keys, type Key, type KeyName, type Keys } from './setting-keys.ts';

type Value<K> = K extends Key<infer T> ? (K extends { default: T } ? T : T | undefined) : never;

/** The settings of one stack, parsed and checked; `stack` is its name. */
export type Settings = { readonly [K in KeyName]: Value<Keys[K]> } & { readonly stack: string };

/** Configuration as text, without the project's prefix: `{ replicas: '5' }`. */
export type RawConfig = Readonly<Record<string, string>>;

/** Every problem of a stack's configuration, a line each. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

/**
 * Parses and checks a stack's configuration.
 * @param caller `uid:gid` of whoever runs this; undefined where that is root or nobody.
 * @param readable the keys whose value everybody can read who reads the stack's file.
 * @throws SettingsError with all problems at once, each naming the stack, the key and the command that mends it.
 */
export function parseSettings(
  stack: string,
  raw: RawConfig,
  caller?: string,
  readable: readonly string[] = [],
): Settings {
  const problems = [...wrongName(stack), ...unknownKeys(raw), ...wrongValues(raw), ...openSecrets(readable)];
  const settings = problems.length === 0 ? build(stack, raw, caller) : undefined;
  if (settings) problems.push(...contradictions(settings, Object.keys(raw), hostPorts()));
  if (problems.length > 0) throw new SettingsError(problems.map((problem) => `${stack}: ${problem}`));
  return settings!;
}

function build(stack: string, raw: RawConfig, caller: string | undefined): Settings {
  const values = entries().map(([name, { kind, default: fallback }]) => {
    const given = raw[name];
    return [name, given === undefined ? fallback : kind.parse(given)];
  });
  const settings = { ...Object.fromEntries(values), stack } as Settings;
  return settings.dev ? { ...settings, devUser: settings.devUser ?? caller } : settings;
}

/** Images, networks and volumes bear the stack's name, and Docker takes no others. */
function wrongName(stack: string): string[] {
  const fits = /^[a-z0-9]+([._-][a-z0-9]+)*$/.test(stack) && stack.length <= 40;
  if (fits) return [];
  return [
    "the stack's name must be lower-case letters and digits with single . _ or - between, at most 40. Run: pulumi stack rename NAME",
  ];
}

function wrongValues(raw: RawConfig): string[] {
  return entries()
    .filter(([name, { kind }]) => raw[name] !== undefined && kind.parse(raw[name]) === undefined)
    .map(([name, { kind }]) => {
      const said = kind.isPrivate?.(raw[name]!) ? '' : `, got "${shorten(raw[name]!)}"`;
      const got = kind.problem ? `: ${kind.problem(raw[name]!)}` : said;
      return `${name} must be ${kind.expects}${got}. ${mend(name, kind.example)}`;
    });
}

function openSecrets(readable: readonly string[]): string[] {
  return entries()
    .filter(([name, { kind }]) => kind.isSecret && readable.includes(name))
    .map(
      ([name, { kind }]) =>
        `${name} must be a secret: it holds a password, and everybody can read it now. ${mend(name, kind.example)}`,
    );
}

function unknownKeys(raw: RawConfig): string[] {
  return Object.keys(raw)
    .filter((name) => !Object.hasOwn(keys, name))
    .map((name) => {
      const meant = nearest(name, Object.keys(keys));
      const hint =
        meant === undefined ? '. All of them are in docs/settings.md.' : `; did you mean ${meant}?`;
      return `${shorten(name)} is not a setting${hint} Run: pulumi config rm ${shorten(name)}`;
    });
}

function hostPorts(): string[] {
  return entries()
    .filter(([, { kind }]) => kind.isHostPort)
    .map(([name]) => name);
}

function shorten(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function entries(): [KeyName, Key<unknown>][] {
  return Object.entries(keys) as [KeyName, Key<unknown>][];
}
