/**
 * What a product is made of, and what its column is called in other people's tables, the likeliest first; capitals, spaces and `_`
 * make no difference. `price` is decimal text (19.90), `price_cents` the smallest units (1990).
 */
export const fields = {
  id: ['id', 'uuid', 'product id'],
  sku: ['sku', 'product code', 'article number', 'item number', 'code', 'ean'],
  name: ['name', 'title', 'product name', 'label'],
  description: ['description', 'descr', 'desc', 'details', 'body', 'summary'],
  price: ['price', 'unit price', 'price amount decimal', 'list price', 'sale price'],
  price_cents: ['price cents', 'price amount', 'price minor', 'amount cents', 'cents'],
  currency: ['currency', 'currency code', 'price currency', 'currency id'],
  stock: ['stock', 'quantity', 'qty', 'stock quantity', 'in stock', 'inventory', 'units in stock'],
  created_at: ['created at', 'created', 'created on', 'date added', 'date created', 'creation date'],
  updated_at: ['updated at', 'updated', 'updated on', 'modified at', 'modified', 'last modified'],
} as const;

export type Field = keyof typeof fields;
export const fieldNames = Object.keys(fields) as Field[];

/** A name as it is compared: `Unit Price`, `unit_price` and `unitPrice` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
