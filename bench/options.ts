import { readArguments } from '../scripts/arguments.ts';

/** Options that are numbers of at least 1, with their defaults. `--help` and mistakes end the process, as everywhere here. */
export function readNumbers<K extends string>(
  usage: string,
  defaults: Readonly<Record<K, number>>,
): Record<K, number> {
  const names = Object.keys(defaults) as K[];
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' } as const]));
  const { values } = readArguments(usage, { options });
  const numbers = names.map((name) => [name, Number(values[name] ?? defaults[name])] as const);
  const wrong = numbers.find(([, value]) => !(value >= 1));
  if (!wrong) return Object.fromEntries(numbers) as Record<K, number>;
  console.error(`--${wrong[0]} must be a number of at least 1, got "${values[wrong[0]]}"\n\n${usage}`);
  process.exit(2);
}
