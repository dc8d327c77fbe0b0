/** How one environment variable is read. */
export interface Variable<T> {
  /** Used when the variable is not set; undefined means that it must be. */
  readonly fallback: T | undefined;
  /** Completes "X must be …". */
  readonly expects: string;
  parse(text: string): T | undefined;
}

/** Any text but none. */
export function text(fallback?: string): Variable<string> {
  return { fallback, expects: 'set', parse: (value) => value || undefined };
}

/** One of `words`. */
export function oneOf<const T extends string>(words: readonly T[], fallback?: T): Variable<T> {
  const parse = (value: string) => words.find((word) => word === value);
  return { fallback, expects: words.join(' or '), parse };
}

/** A whole number from `min` to `max`. */
export function whole(min: number, max: number, fallback?: number): Variable<number> {
  const parse = (value: string) =>
    /^\d{1,9}$/.test(value) && +value >= min && +value <= max ? +value : undefined;
  return { fallback, expects: `a whole number from ${min} to ${max}`, parse };
}

type Values<V> = { [K in keyof V]: V[K] extends Variable<infer T> ? T : never };

/**
 * Reads `variables` from `env`.
 * @throws Error with a line for every variable that is missing or wrong.
 */
export function readEnvironment<V extends Record<string, Variable<unknown>>>(
  variables: V,
  env = process.env,
): Values<V> {
  const problems: string[] = [];
  const values = Object.entries(variables).map(([name, { fallback, expects, parse }]) => {
    const given = env[name];
    const value = given === undefined ? fallback : parse(given);
    if (value === undefined)
      problems.push(
        `${name} must be ${expects}, ${given === undefined ? 'and is not set' : `got "${given}"`}`,
      );
    return [name, value];
  });
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return Object.fromEntries(values) as Values<V>;
}
