import type { ProductInput } from './api-client.ts';
import type { FormFields } from './form-fields.ts';
import { currencyDigits, parseDecimal } from './money.ts';

/** What is wrong, by field. */
export type FormErrors = Partial<Record<keyof FormFields, string>>;

/** Either the product that a form means, or what is wrong with it. */
export type Parsed = { readonly input: ProductInput } | { readonly errors: FormErrors };

/** The product that a form means, or everything that is wrong with it. The API still has the last word. */
export function parseForm(form: FormFields): Parsed {
  const knownCurrency = /^[A-Z]{3}$/.test(form.currency);
  const amount = knownCurrency ? parseDecimal(form.price, form.currency) : undefined;
  const errors = {
    ...nameError(form.name),
    ...skuError(form.sku),
    ...(knownCurrency ? amount === undefined && { price: priceAdvice(form.currency) } : currencyError),
    ...(!/^\d{1,9}$/.test(form.stock) && { stock: 'Enter a whole number from 0 to 999999999.' }),
    ...(longerThan(5000, form.description) && { description: 'Use at most 5000 characters.' }),
  };
  if (amount === undefined || Object.keys(errors).length > 0) return { errors };
  const { sku, name, description, currency, stock } = form;
  return { input: { sku, name, description, price: { amount, currency }, stock: Number(stock) } };
}

const currencyError: FormErrors = { currency: 'Choose a currency.' };

function nameError(name: string): FormErrors {
  if (name === '') return { name: 'Enter a name.' };
  return longerThan(200, name) ? { name: 'Use at most 200 characters.' } : {};
}

function skuError(sku: string): FormErrors {
  if (sku === '') return { sku: 'Enter an article number.' };
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(sku)) return {};
  return {
    sku: 'Use at most 64 letters, digits, dots, hyphens and underscores; begin with a letter or digit.',
  };
}

function priceAdvice(currency: string): string {
  const digits = currencyDigits(currency);
  if (digits === 0) return `Enter a whole number such as 1250: ${currency} has no decimals.`;
  return `Enter a price such as 12.${'50'.padEnd(digits, '0').slice(0, digits)}, without a currency sign.`;
}

// In characters as the API counts them, not in UTF-16 units.
function longerThan(limit: number, text: string): boolean {
  return text.length > limit && [...text].length > limit;
}

const fieldOfPointer = new Map<string, keyof FormFields>([
  ['/sku', 'sku'],
  ['/name', 'name'],
  ['/description', 'description'],
  ['/price', 'price'],
  ['/price/amount', 'price'],
  ['/price/currency', 'currency'],
  ['/stock', 'stock'],
]);

/** The API's complaints in the form's fields: "/price/amount" belongs to "price"; what belongs to no field is left out. */
export function formErrors(errors: readonly { field: string; detail: string }[]): FormErrors {
  const found: FormErrors = {};
  for (const { field, detail } of errors) {
    const name = fieldOfPointer.get(field);
    if (name) found[name] ??= detail === 'is taken' ? taken : `This ${detail.replace(/\.$/, '')}.`;
  }
  return found;
}

const taken = 'Another product has this article number already.';
