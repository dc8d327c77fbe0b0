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

/** POSTs a product; returns the answer. */
export function create(url: string, sku: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/api/products`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(product(sku)),
  });
}

/** Whether a product with that sku can be found by its name. */
export async function exists(url: string, sku: string): Promise<boolean> {
  const response = await fetch(`${url}/api/products?search=${encodeURIComponent(`Test ${sku}`)}`);
  if (!response.ok) throw new Error(`search answered ${response.status}`);
  const { items } = (await response.json()) as { items: { sku: string }[] };
  return items.some((item) => item.sku === sku);
}
