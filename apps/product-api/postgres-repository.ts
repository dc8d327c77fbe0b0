import { createHash } from 'node:crypto';
import { Problem } from '../kit/problem.ts';
import { remember } from '../kit/remember.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { isDatabaseError, type Database, type Row } from './database.ts';
import type { ProductRepository, Versioned, WriteResult } from './repository.ts';
import type { ListQuery, ProductInput, ProductPage } from './schema.ts';
import * as sql from './statements.ts';
import { uuidV7 } from './uuid-v7.ts';

/** Products in Postgres. */
export class PostgresRepository implements ProductRepository {
  private readonly database: Database;

  constructor(database: Database) {
    this.database = database;
  }

  async list({ limit, cursor, search }: ListQuery): Promise<ProductPage> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.database.share(
      sql.listStatement({ limit, ...(after && { cursor: after }), ...(search && { search }) }),
    );
    return toPage(rows, limit);
  }

  async read(id: string): Promise<Versioned | undefined> {
    const [row] = await this.database.share(sql.readStatement(id));
    return row && toVersioned(row);
  }

  async create(input: ProductInput, key: string | undefined): Promise<Versioned> {
    const insert = sql.insertStatement([uuidV7(), ...inputValues(input)]);
    const work =
      key === undefined
        ? this.database.write(insert).then(([row]) => toVersioned(row!))
        : this.createOnce(key, input, insert);
    return explainDuplicates(input.sku, work);
  }

  async update(id: string, version: number, input: ProductInput): Promise<WriteResult> {
    const work = this.database.write(sql.updateStatement([id, version, ...inputValues(input)]));
    const [row] = await explainDuplicates(input.sku, work);
    return row ? toVersioned(row) : this.whyNot(id);
  }

  async remove(id: string, version: number): Promise<'removed' | 'missing' | 'stale'> {
    const [row] = await this.database.write(sql.deleteStatement(id, version));
    return row ? 'removed' : this.whyNot(id);
  }

  async ready(): Promise<boolean> {
    return this.database.query(sql.readyStatement).then(
      () => true,
      () => false,
    );
  }

  close(): Promise<void> {
    return this.database.close();
  }

  /** The key and the product are written together or not at all; a repetition waits for the first and gets its answer. */
  private createOnce(
    key: string,
    input: ProductInput,
    insert: ReturnType<typeof sql.insertStatement>,
  ): Promise<Versioned> {
    const requestHash = createHash('sha256')
      .update(JSON.stringify(inputValues(input)))
      .digest('hex');
    return this.database.transaction(async (query) => {
      const [claimed] = await query(sql.claimKey(key, requestHash));
      if (!claimed) return repeated(await query(sql.readKey(key)), requestHash);
      const [row] = await query(insert);
      const created = toVersioned(row!);
      await query(sql.answerKey(key, created));
      await query(sql.pruneKeys);
      return created;
    });
  }

  private async whyNot(id: string): Promise<'missing' | 'stale'> {
    return (await this.read(id)) ? 'stale' : 'missing';
  }
}

function repeated([known]: Row[], requestHash: string): Versioned {
  if (known?.['request_hash'] !== requestHash) {
    throw new Problem(
      422,
      'This Idempotency-Key was used for another product. Use a new key for a new request.',
    );
  }
  return known['response'] as Versioned;
}

async function explainDuplicates<T>(sku: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isDatabaseError(error) || error.code !== '23505') throw error;
    throw new Problem(409, `The sku ${sku} is taken by another product.`, {
      errors: [{ field: '/sku', detail: 'is taken' }],
    });
  }
}

function inputValues({ sku, name, description, price, stock }: ProductInput): unknown[] {
  return [sku, name, description, price.amount, price.currency, stock];
}

/** Who shares the rows shares the page. */
const toPage = remember((rows: Row[], limit: number): ProductPage => {
  const items = rows.slice(0, limit).map((row) => toVersioned(row).product);
  return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)!.id) : null };
});

function toVersioned(row: Row): Versioned {
  return {
    product: {
      id: row['id'] as string,
      sku: row['sku'] as string,
      name: row['name'] as string,
      description: row['description'] as string,
      price: { amount: Number(row['price_amount']), currency: row['price_currency'] as string },
      stock: row['stock'] as number,
      createdAt: row['created_at'] as string,
      updatedAt: row['updated_at'] as string,
    },
    version: row['version'] as number,
  };
}
