import type { ListQuery, Product, ProductInput, ProductPage } from './schema.ts';

/** A product with the version that its ETag tells. */
export interface Versioned {
  readonly product: Product;
  readonly version: number;
}

/** What a conditional write found. */
export type WriteResult = Versioned | 'missing' | 'stale';

/** Where products are kept. Every call ends within the repository's deadline or throws a Problem with status 503. */
export interface ProductRepository {
  list(query: ListQuery): Promise<ProductPage>;
  read(id: string): Promise<Versioned | undefined>;
  /** @throws Problem 409 when the sku is taken, 422 when the key was used for another body. */
  create(input: ProductInput, idempotencyKey: string | undefined): Promise<Versioned>;
  /** @throws Problem 409 when the sku is taken. */
  update(id: string, version: number, input: ProductInput): Promise<WriteResult>;
  remove(id: string, version: number): Promise<'removed' | 'missing' | 'stale'>;
  /** Whether the database answers. */
  ready(): Promise<boolean>;
  close(): Promise<void>;
}
