import type { InjectOptions } from 'fastify';
import type { ListQuery, Product, ProductApi, ProductInput, Versioned } from '../storefront/api-client.ts';

/** Text that must never reach a page unescaped. */
export const evil = `"><script>alert('1')</script>&`;

/** A product as the API shows it. */
export const lamp: Product = {
  id: '0190a000-0000-7000-8000-000000000001',
  sku: 'LAMP',
  name: 'Desk Lamp',
  description: 'Lights\na desk.',
  price: { amount: 1250, currency: 'EUR' },
  stock: 3,
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-02-01T00:00:00.000Z',
};

/** The form as a browser sends it for `lamp`. */
export const lampForm = {
  key: '3f0c2a8e-0000-4000-8000-000000000000',
  etag: '"1"',
  sku: 'LAMP',
  name: 'Desk Lamp',
  description: 'Lights\r\na desk.',
  price: '12.50',
  currency: 'EUR',
  stock: '3',
};

/** An API that answers as told and keeps what it was asked. */
export class FakeApi implements ProductApi {
  product = lamp;
  items: readonly Product[] = [lamp];
  nextCursor: string | null = null;
  /** Thrown by every call, or by writes only. */
  failure: Error | undefined;
  writeFailure: Error | undefined;
  readonly calls: unknown[][] = [];

  async list(query: ListQuery, requestId: string) {
    this.note('list', query, requestId);
    return { items: this.items, nextCursor: this.nextCursor };
  }

  async read(id: string, requestId: string): Promise<Versioned> {
    this.note('read', id, requestId);
    return { product: this.product, etag: '"2"' };
  }

  async create(input: ProductInput, key: string, requestId: string): Promise<Versioned> {
    return this.write('create', input, key, requestId);
  }

  async update(id: string, etag: string, input: ProductInput, requestId: string): Promise<Versioned> {
    return this.write('update', id, etag, input, requestId);
  }

  async remove(id: string, etag: string, requestId: string): Promise<void> {
    this.write('remove', id, etag, requestId);
  }

  private write(...call: unknown[]): Versioned {
    this.note(...call);
    if (this.writeFailure) throw this.writeFailure;
    return { product: this.product, etag: '"3"' };
  }

  private note(...call: unknown[]): void {
    this.calls.push(call);
    if (this.failure) throw this.failure;
  }
}

/** A form sent by a browser. */
export function post(url: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'shop.example', ...headers },
    payload: String(new URLSearchParams(fields)),
  } satisfies InjectOptions;
}
