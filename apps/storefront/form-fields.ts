import type { ProductInput } from './api-client.ts';
import { decimalText } from './money.ts';

/** The fields of the form as the browser sends them, all text. */
export interface FormFields {
  readonly name: string;
  readonly sku: string;
  readonly price: string;
  readonly currency: string;
  readonly stock: string;
  readonly description: string;
}

/** How each field is called, in the order in which they are shown. */
export const labels: Readonly<Record<keyof FormFields, string>> = {
  name: 'Name',
  sku: 'Article number',
  price: 'Price',
  currency: 'Currency',
  stock: 'In stock',
  description: 'Description',
};

/** The names of the fields, in the order in which they are shown. */
export const fieldNames = Object.keys(labels) as (keyof FormFields)[];

/** The currencies that the form offers. */
export const currencies = ['EUR', 'USD', 'GBP', 'CHF', 'JPY'];

/** An empty form. */
export const emptyForm: FormFields = {
  name: '',
  sku: '',
  price: '',
  currency: 'EUR',
  stock: '0',
  description: '',
};

/** A product as the form shows it. */
export function formOf({ sku, name, description, price, stock }: ProductInput): FormFields {
  const { amount, currency } = price;
  return { name, sku, price: decimalText(amount, currency), currency, stock: String(stock), description };
}

/** A browser's form data, with every field as text; one that is missing or sent twice is as in an empty form. */
export function readForm(body: unknown): FormFields {
  const given = (body ?? {}) as Record<string, unknown>;
  const text = (name: keyof FormFields) =>
    typeof given[name] === 'string' ? given[name].replaceAll('\0', '').trim() : emptyForm[name];
  return {
    name: text('name'),
    sku: text('sku'),
    price: text('price'),
    currency: text('currency'),
    stock: text('stock'),
    // Browsers send line ends as CR LF, whatever was in the field.
    description: text('description').replace(/\r\n?/g, '\n'),
  };
}
