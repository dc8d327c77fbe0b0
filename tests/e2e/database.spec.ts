import { expect } from 'chai';
import type { Database } from '../../apps/product-api/database.ts';
import * as sql from '../../apps/product-api/statements.ts';
import { DatabaseContainer } from './support/database-container.ts';

const catalogueSize = 100_000;
const container = new DatabaseContainer('database');
let database: Database;

async function count(where: string): Promise<number> {
  const [row] = await database.query({ text: `SELECT count(*)::integer AS n FROM product WHERE ${where}` });
  return row!['n'] as number;
}

describe('database', () => {
  before(async () => {
    await container.start();
    await container.migrate(catalogueSize);
    database = container.connect('app');
  });
  after(async () => {
    await database?.close();
    await container.remove();
  });

  describe('migrations', () => {
    it('run once, and load the dummy catalogue once', async () => {
      expect(await count(`sku LIKE 'DEMO-%'`)).to.equal(catalogueSize);
      await database.query({ text: `DELETE FROM product WHERE sku = 'DEMO-000001'` });
      const both = await Promise.all([container.migrate(catalogueSize), container.migrate(catalogueSize)]);
      expect(both).to.deep.equal([[], []]);
      expect(await count(`sku = 'DEMO-000001'`)).to.equal(0);
    });

    it('refuse a file that was changed after it was applied', async () => {
      const owner = container.connect('owner');
      await owner.query({
        text: `UPDATE schema_migration SET checksum = checksum || 'x' WHERE name LIKE '0001%'`,
      });
      const error = await container.migrate(0).catch((reason: Error) => reason.message);
      await owner.query({ text: `UPDATE schema_migration SET checksum = rtrim(checksum, 'x')` });
      await owner.close();
      expect(error).to.equal(
        '0001-products.sql was changed after it was applied: restore it and put the change into a new file',
      );
    });

    for (const sql of [
      'CREATE TABLE own (n integer)',
      'CREATE TEMP TABLE own (n integer)',
      'CREATE SCHEMA own',
      'ALTER TABLE product ADD COLUMN own text',
      'DROP TABLE product',
      'TRUNCATE product',
      'CREATE INDEX ON product (stock)',
      'SELECT FROM schema_migration',
      'SET ROLE product_owner',
      'CREATE DATABASE own',
    ]) {
      it(`do not let the application: ${sql}`, async () => {
        const error = await database.query({ text: sql }).catch((reason: { code?: string }) => reason);
        expect(error).to.have.property('code', '42501'); // insufficient_privilege
      });
    }
  });

  describe('plans', () => {
    const cursor = '01941f29-7c00-7fff-8fff-ffffffffffff';
    const own = ['SKU', 'A name', '', 100, 'EUR', 1];
    const cases = [
      ['the first page', sql.listStatement({ limit: 20 }), 'product_pkey'],
      ['a page', sql.listStatement({ limit: 20, cursor }), 'product_pkey'],
      ['a product', sql.readStatement(cursor), 'product_pkey'],
      ['a rare name', sql.listStatement({ limit: 20, search: 'No. 99999' }), 'product_name_trigrams'],
      ['a name that nothing has', sql.listStatement({ limit: 20, search: 'zzzz' }), 'product_name_trigrams'],
      ['a name that many have', sql.listStatement({ limit: 20, search: 'lamp' }), 'product_pkey'],
      ['a change', sql.updateStatement([cursor, 1, ...own]), 'product_pkey'],
      ['a removal', sql.deleteStatement(cursor, 1), 'product_pkey'],
      ['a key that is taken', sql.claimKey('known-1', 'hash'), 'Arbiter Indexes: idempotency_key_pkey'],
      ['what a key has answered', sql.readKey('known-1'), 'idempotency_key_pkey'],
      ['what a key answers', sql.answerKey('known-1', {}), 'idempotency_key_pkey'],
      ['old keys', sql.pruneKeys, 'idempotency_key_created_at'],
    ] as const;

    before('keys of two days', async () => {
      const owner = container.connect('owner');
      await owner.query({
        text: `INSERT INTO idempotency_key (key, request_hash, created_at)
               SELECT 'known-' || n, 'hash', now() - n * interval '2 seconds' FROM generate_series(1, 86400) n`,
      });
      await owner.query({ text: 'ANALYZE idempotency_key' });
      await owner.close();
    });

    for (const [title, { text, values }, index] of cases) {
      it(`${title}: uses ${index}, in milliseconds`, async () => {
        const rows = await database.query({ text: `EXPLAIN (ANALYZE) ${text}`, ...(values && { values }) });
        const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
        expect(plan).to.include(index).and.not.include('Seq Scan');
        // The order of the page is that of the index; only the few rows that have a rare name are sorted.
        if (index === 'product_pkey') expect(plan).not.to.include('Sort');
        expect(Number(/Execution Time: ([\d.]+)/.exec(plan)![1])).to.be.below(100);
      });
    }
  });
});
