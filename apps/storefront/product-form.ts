import type { Product, ProductInput } from './api-client.ts';
import { decimalText, parseDecimal } from './money.ts';

/** The fields of the form as the browser sends them, all text. */
export interface FormFields {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly price: string;
  readonly currency: string;
  readonly stock: string;
}

/** What is wrong, by field. */
export type FormErrors = Partial<Record<keyof FormFields, string>>;

/** The currencies that the form offers. */
export const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'JPY'];

/** An empty form. */
export const emptyForm: FormFields = {
  sku: '',
  name: '',
  description: '',
  price: '',
  currency: 'EUR',
  stock: '0',
};

/** A product as the form shows it. */
export function formOf({ sku, name, description, price, stock }: Product): FormFields {
  return {
    sku,
    name,
    description,
    price: decimalText(price.amount, price.currency),
    currency: price.currency,
    stock: String(stock),
  };
}

/** A browser's form data, with every field as text. */
export function readForm(body: unknown): FormFields {
  const given = (body ?? {}) as Record<string, unknown>;
  const text = (name: keyof FormFields) =>
    typeof given[name] === 'string' ? given[name].replace(/\r\n/g, '\n') : emptyForm[name];
  return {
    sku: text('sku').trim(),
    name: text('name').trim(),
    description: text('description'),
    price: text('price'),
    currency: text('currency'),
    stock: text('stock'),
  };
}

/** The product that a form means, or what is wrong with it; the API checks the rest. */
export function parseForm(form: FormFields): { input: ProductInput } | { errors: FormErrors } {
  const errors: FormErrors = {};
  const known = /^[A-Z]{3}$/.test(form.currency);
  const amount = known ? parseDecimal(form.price, form.currency) : undefined;
  if (!known) errors.currency = 'Choose a currency.';
  if (amount === undefined) errors.price = 'Enter a price such as 12.50.';
  if (!/^\d{1,9}$/.test(form.stock.trim())) errors.stock = 'Enter a whole number, 0 or more.';
  if (form.name === '') errors.name = 'Enter a name.';
  if (form.sku === '') errors.sku = 'Enter an article number.';
  if (amount === undefined || Object.keys(errors).length > 0) return { errors };
  const { sku, name, description, currency } = form;
  return { input: { sku, name, description, price: { amount, currency }, stock: Number(form.stock) } };
}

/** The API's refusals in the form's fields: "/price/amount" belongs to "price". */
export function formErrors(errors: readonly { field: string; detail: string }[]): FormErrors {
  const fields = {
    sku: 'sku',
    name: 'name',
    description: 'description',
    'price/amount': 'price',
    'price/currency': 'currency',
    stock: 'stock',
  };
  const found = errors.map(({ field, detail }) => [
    fields[field.replace(/^\//, '') as keyof typeof fields],
    `This ${detail}.`,
  ]);
  return Object.fromEntries(found.filter(([field]) => field !== undefined)) as FormErrors;
}
