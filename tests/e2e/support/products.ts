import { eventually } from './run.ts';

/** What a test writes. */
export function product(sku: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    sku,
    name: `Test ${sku}`,
    description: 'Made by a test',
    price: { amount: 1250, currency: 'EUR' },
    stock: 5,
    ...more,
  };
}

/** Creates a product as a careful client does: with a key, and again after a 503, for ten seconds. */
export async function create(url: string, sku: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': `key-of-${sku}` };
  const send = () =>
    fetch(`${url}/api/products`, { method: 'POST', headers, body: JSON.stringify(product(sku)) });
  await eventually(10, `${sku} is created`, async () => (await send()).status === 201);
}

/** Whether a product with that sku can be found by its name. */
export async function exists(url: string, sku: string): Promise<boolean> {
  const response = await fetch(`${url}/api/products?search=${encodeURIComponent(`Test ${sku}`)}`);
  if (!response.ok) throw new Error(`search answered ${response.status}`);
  const { items } = (await response.json()) as { items: { sku: string }[] };
  return items.some((item) => item.sku === sku);
}
