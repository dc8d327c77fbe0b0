import { fieldNames, fields, plainName, type Field } from './fields.ts';

/** What the command line says about columns. */
export interface Wishes {
  /** `FIELD=COLUMN` each; without a column the field is not taken. */
  readonly map: readonly string[];
  /** Currency of every row; else a column says it. */
  readonly currency?: string | undefined;
}

/** Where each field comes from: an index into the columns. */
export interface Mapping {
  readonly columns: readonly string[];
  readonly from: Readonly<Partial<Record<Field, number>>>;
  readonly currency?: string | undefined;
}

/** undefined: not to be taken from anywhere. */
type Asked = Map<Field, number | undefined>;

/** Finds the columns of a product by their names. @throws Error that tells all that is wrong or missing, and how to say it. */
export function mapColumns(columns: readonly string[], { map, currency }: Wishes): Mapping {
  const problems: string[] = [];
  const asked = readWishes(columns, map, problems);
  if (currency !== undefined) asked.set('currency', undefined);
  const from = Object.fromEntries(
    [...guesses(columns, asked), ...asked].filter(([, at]) => at !== undefined),
  );
  const mapping: Mapping = { columns, from: onePrice(from), currency };
  problems.push(...missing(mapping));
  if (problems.length === 0) return mapping;
  throw new Error([...problems, `The columns are ${columns.join(', ')}`].join('\n'));
}

function readWishes(columns: readonly string[], map: readonly string[], problems: string[]): Asked {
  const asked: Asked = new Map();
  for (const wish of map) {
    const [, field = '', column = ''] = /^([^=]+)=(.*)$/s.exec(wish) ?? [];
    const at = columns.indexOf(column);
    if (field === '') problems.push(`--map must be like price=unit_price, got "${wish}"`);
    else if (!isField(field))
      problems.push(`--map ${wish}: a product has no ${field}. It has ${fieldNames.join(', ')}`);
    else if (column !== '' && at < 0) problems.push(`--map ${wish}: there is no column ${column}`);
    else asked.set(field, column === '' ? undefined : at);
  }
  // Who names one price does not want the other.
  if (asked.get('price') !== undefined) asked.set('price_cents', asked.get('price_cents'));
  else if (asked.get('price_cents') !== undefined) asked.set('price', undefined);
  return asked;
}

function isField(name: string): name is Field {
  return Object.hasOwn(fields, name);
}

function guesses(columns: readonly string[], asked: Asked): [Field, number | undefined][] {
  const plain = columns.map(plainName);
  const taken = new Set(asked.values());
  const guess = (field: Field) =>
    fields[field].map((name) => plain.indexOf(plainName(name))).find((at) => at >= 0 && !taken.has(at));
  return fieldNames.filter((field) => !asked.has(field)).map((field) => [field, guess(field)]);
}

/** Of two prices the smallest units are the exact one. */
function onePrice({ price, ...from }: Partial<Record<Field, number>>): Mapping['from'] {
  return price === undefined || from.price_cents !== undefined ? from : { ...from, price };
}

function missing({ from, currency }: Mapping): string[] {
  const problems = [];
  if (from.name === undefined) problems.push('No column looks like a name. Add --map name=COLUMN');
  if (from.price === undefined && from.price_cents === undefined)
    problems.push(
      'No column looks like a price. Add --map price=COLUMN, or --map price_cents=COLUMN where it is in the smallest units',
    );
  if (from.currency === undefined && currency === undefined)
    problems.push('No column looks like a currency. Add --currency EUR, or --map currency=COLUMN');
  if (currency !== undefined && !/^[A-Z]{3}$/.test(currency))
    problems.push(`--currency must be three letters such as EUR, got "${currency}"`);
  if (from.sku === undefined && from.id === undefined)
    problems.push(
      'No column looks like a sku or an id. Add --map sku=COLUMN: it is what tells products apart',
    );
  return problems;
}
