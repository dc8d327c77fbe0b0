import { Problem } from '../kit/problem.ts';
import type { ProductRepository, Versioned, WriteResult } from '../product-api/repository.ts';
import type { ListQuery, ProductInput, ProductPage } from '../product-api/schema.ts';
import { uuidV7 } from '../product-api/uuid-v7.ts';

/** Products in memory, for tests of what the API says over http. `away` makes every call fail as when the database is gone. */
export class MemoryRepository implements ProductRepository {
  readonly rows = new Map<string, Versioned>();
  away = false;

  async list({ limit, search = '' }: ListQuery): Promise<ProductPage> {
    this.check();
    const found = [...this.rows.values()]
      .map(({ product }) => product)
      .filter(({ name }) => name.includes(search));
    return { items: found.reverse().slice(0, limit), nextCursor: found.length > limit ? 'more' : null };
  }

  async read(id: string): Promise<Versioned | undefined> {
    this.check();
    return this.rows.get(id);
  }

  async create(input: ProductInput): Promise<Versioned> {
    this.check();
    if ([...this.rows.values()].some(({ product }) => product.sku === input.sku))
      throw new Problem(409, 'The sku is taken.');
    const now = new Date(0).toISOString();
    const created = { product: { ...input, id: uuidV7(), createdAt: now, updatedAt: now }, version: 1 };
    this.rows.set(created.product.id, created);
    return created;
  }

  async update(id: string, version: number, input: ProductInput): Promise<WriteResult> {
    const known = await this.read(id);
    if (!known || known.version !== version) return known ? 'stale' : 'missing';
    const updated = { product: { ...known.product, ...input }, version: version + 1 };
    this.rows.set(id, updated);
    return updated;
  }

  async remove(id: string, version: number): Promise<'removed' | 'missing' | 'stale'> {
    const known = await this.read(id);
    if (!known || known.version !== version) return known ? 'stale' : 'missing';
    this.rows.delete(id);
    return 'removed';
  }

  async ready(): Promise<boolean> {
    return !this.away;
  }

  async close(): Promise<void> {}

  private check(): void {
    if (this.away)
      throw new Problem(503, 'The database does not answer.', { headers: { 'retry-after': '1' } });
  }
}
