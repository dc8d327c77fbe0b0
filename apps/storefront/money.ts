/** Digits after the decimal point of a currency (ISO 4217), as the runtime's locale data has them: EUR 2, JPY 0. */
export function currencyDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

/** An amount in minor units as plain decimal text, for a form: 1250 EUR → "12.50". */
export function decimalText(amount: number, currency: string): string {
  const digits = currencyDigits(currency);
  const text = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Decimal text as minor units, without a detour through floats; undefined when it is none or has too many decimals. */
export function parseDecimal(text: string, currency: string): number | undefined {
  const [, whole, fraction = ''] = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  const digits = currencyDigits(currency);
  if (whole === undefined || fraction.length > digits) return undefined;
  return Number(whole + fraction.padEnd(digits, '0'));
}

/** A price as people write it: 1250 EUR → "€12.50". */
export function formatPrice({ amount, currency }: { amount: number; currency: string }): string {
  const digits = currencyDigits(currency);
  // Intl takes decimal text as it is, so large amounts keep every digit.
  const format = new Intl.NumberFormat('en', { style: 'currency', currency, minimumFractionDigits: digits });
  return format.format(decimalText(amount, currency) as unknown as number);
}
