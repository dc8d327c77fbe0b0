import { currencyDigits, maxAmount } from '../apps/storefront/money.ts';

/** A value, or why there is none. */
export type Read<T> = { readonly value: T } | { readonly reason: string };

/** Decimal text such as 19.90 in a currency's smallest units, exactly: no float is on the way. */
export function smallestUnits(text: string, currency: string): Read<number> {
  const [, whole, fraction = ''] = /^(-?\d+)(?:[.,](\d+))?$/.exec(text.trim()) ?? [];
  if (whole === undefined) return { reason: `"${text}" is no amount like 19.90` };
  // 1,500 is a thousand and a half here, and one and a half there.
  if (/,\d{3}$/.test(text.trim()))
    return { reason: `"${text}" may have a separator of thousands; amounts are like 1500.00` };
  const digits = currencyDigits(currency);
  const kept = fraction.replace(/0+$/, '');
  if (kept.length > digits)
    return { reason: `${text} has more decimals than ${currency} has, which is ${digits}` };
  return inRange(text, BigInt(whole + kept.padEnd(digits, '0')));
}

/** An amount that is in the smallest units already. */
export function wholeUnits(text: string): Read<number> {
  // 20.00 is twenty, and not twenty cents.
  if (/^-?\d+[.,]\d+$/.test(text.trim()))
    return { reason: `"${text}" has decimals, and smallest units have none: --map price=COLUMN takes 19.90` };
  if (!/^-?\d+$/.test(text.trim())) return { reason: `"${text}" is no whole number of smallest units` };
  return inRange(text, BigInt(text.trim()));
}

function inRange(text: string, amount: bigint): Read<number> {
  if (amount < 0n || /^-/.test(text.trim())) return { reason: `${text} is below 0` };
  if (amount > BigInt(maxAmount)) return { reason: `${text} is more than a price may be` };
  return { value: Number(amount) };
}
