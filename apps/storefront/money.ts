// Intl counts the decimals that people use in shops; ISO 4217, which the API's minor units follow, knows more for these.
const isoDigits: Readonly<Record<string, number>> = {
  ...{ AFN: 2, ALL: 2, COP: 2, HUF: 2, IDR: 2, IQD: 3, IRR: 2, KPW: 2, LAK: 2 },
  ...{ LBP: 2, MGA: 2, MMK: 2, PKR: 2, SOS: 2, SYP: 2, YER: 2 },
};

/** The highest amount that the API takes, in minor units. */
export const maxAmount = 1_000_000_000_000;

interface Currency {
  readonly digits: number;
  readonly format: Intl.NumberFormat;
}

// Building a formatter costs more than a page of products; the limit keeps made-up currencies from filling the memory.
const known = new Map<string, Currency>();
const maxKnown = 200;

function lookUp(currency: string): Currency {
  const found = known.get(currency);
  if (found) return found;
  const style = { style: 'currency', currency } as const;
  const usual = new Intl.NumberFormat('en', style).resolvedOptions().maximumFractionDigits ?? 2;
  const digits = isoDigits[currency] ?? usual;
  const format = new Intl.NumberFormat('en', {
    ...style,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  if (known.size >= maxKnown) known.clear();
  known.set(currency, { digits, format });
  return { digits, format };
}

/** Digits after the decimal point of a currency (ISO 4217): EUR 2, JPY 0, KWD 3. @throws RangeError when it is not three letters. */
export function currencyDigits(currency: string): number {
  return lookUp(currency).digits;
}

/** An amount in minor units as plain decimal text, for a form: 1250 EUR → "12.50". */
export function decimalText(amount: number, currency: string): string {
  const digits = currencyDigits(currency);
  const text = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Decimal text as minor units, without a detour through floats: "12.5" EUR → 1250. A comma is a decimal point too.
 * Undefined when it is no such text, has more decimals than the currency, or is above `maxAmount`.
 */
export function parseDecimal(text: string, currency: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,13})(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  const digits = currencyDigits(currency);
  if (whole === undefined || fraction.length > digits) return undefined;
  const amount = Number(whole + fraction.padEnd(digits, '0'));
  return amount > maxAmount ? undefined : amount;
}

/** A price as people write it: 1250 EUR → "€12.50". */
export function formatPrice({ amount, currency }: { amount: number; currency: string }): string {
  // Intl takes decimal text as it is, so large amounts keep every digit.
  return lookUp(currency).format.format(decimalText(amount, currency) as `${number}`);
}
