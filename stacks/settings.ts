import { certificateProblems } from './certificate.ts';
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
 * @throws SettingsError with all problems at once, each naming the stack, the key and the command that mends it.
 */
export function parseSettings(stack: string, raw: RawConfig): Settings {
  const problems = [...unknownKeys(raw), ...wrongValues(raw)];
  const settings = problems.length === 0 ? build(stack, raw) : undefined;
  if (settings) problems.push(...contradictions(settings));
  if (problems.length > 0) throw new SettingsError(problems.map((problem) => `${stack}: ${problem}`));
  return settings!;
}

function build(stack: string, raw: RawConfig): Settings {
  const values = entries().map(([name, { kind, default: fallback }]) => {
    const given = raw[name];
    return [name, given === undefined ? fallback : kind.parse(given)];
  });
  return { ...Object.fromEntries(values), stack } as Settings;
}

function wrongValues(raw: RawConfig): string[] {
  return entries()
    .filter(([name, { kind }]) => raw[name] !== undefined && kind.parse(raw[name]) === undefined)
    .map(
      ([name, { kind }]) =>
        `${name} must be ${kind.expects}, got "${shorten(raw[name]!)}". ${mend(name, kind.example)}`,
    );
}

function unknownKeys(raw: RawConfig): string[] {
  return Object.keys(raw)
    .filter((name) => !(name in keys))
    .map((name) => `${name} is not a setting; did you mean ${nearest(name)}? Run: pulumi config rm ${name}`);
}

/** What is wrong only when values are seen together. */
function contradictions(settings: Settings): string[] {
  return [
    ownImageNeeds(settings, 'productApi'),
    ownImageNeeds(settings, 'storefront'),
    connectionBudget(settings),
    tlsPair(settings),
    ports(settings),
  ].flat();
}

function ownImageNeeds(settings: Settings, app: 'productApi' | 'storefront'): string[] {
  const needsPath = settings[`${app}Image`] !== undefined && settings[`${app}HealthPath`] === undefined;
  return needsPath
    ? [
        `${app}Image needs ${app}HealthPath, the path that answers 200 when it is ready. ${mend(`${app}HealthPath`, '/healthz')}`,
      ]
    : [];
}

function tlsPair({ tlsCertificate: certificate, tlsKey: key }: Settings): string[] {
  if (certificate === undefined && key === undefined) return [];
  const [set, missing] =
    certificate === undefined ? ['tlsKey', 'tlsCertificate'] : ['tlsCertificate', 'tlsKey'];
  if (certificate === undefined || key === undefined)
    return [`${set} needs ${missing}. ${mend(missing, keys[missing as 'tlsKey'].kind.example)}`];
  return certificateProblems(certificate, key, Date.now()).map(
    (problem) =>
      `${problem}. Run: pulumi config set tlsCertificate ./certificate.pem; pulumi config set tlsKey ./key.pem`,
  );
}

function ports({ httpPort, httpsPort }: Settings): string[] {
  return httpPort === httpsPort
    ? [`httpPort and httpsPort must differ, both are ${httpPort}. ${mend('httpsPort', String(httpPort + 1))}`]
    : [];
}

/** Connections outside the pools: 3 reserved for the superuser, the migration job, and a spare for a person with psql. */
const otherConnections = 6;

function connectionBudget(settings: Settings): string[] {
  const { replicas, databasePoolSize: pool, databaseMaxConnections: max } = settings;
  // A release runs the old and the new replicas side by side, and the candidate before them.
  const needed = (2 * replicas + 1) * (pool + 1) + otherConnections;
  if (needed <= max) return [];
  return [
    `databaseMaxConnections must be at least ${needed}, got ${max}: a release needs (2 × ${replicas} replicas + 1 candidate) × ` +
      `(${pool} connections + 1 that watches) + ${otherConnections} others. ${mend('databaseMaxConnections', String(needed))}`,
  ];
}

function mend(name: string, example: string): string {
  return `Run: pulumi config set ${name} ${example}`;
}

function shorten(value: string): string {
  const line = value.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}

function entries(): [KeyName, Key<unknown>][] {
  return Object.entries(keys) as [KeyName, Key<unknown>][];
}

function nearest(name: string): string {
  const ranked = Object.keys(keys).map((key) => ({
    key,
    distance: editDistance(name.toLowerCase(), key.toLowerCase()),
  }));
  return ranked.reduce((best, next) => (next.distance < best.distance ? next : best)).key;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
