import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { ImportStack } from './import-stack.ts';
import { OtherDatabase } from './other-database.ts';

const shop = String.raw`
  CREATE ROLE bob; CREATE DATABASE shop; \connect shop
  CREATE TABLE products (uuid uuid PRIMARY KEY, title text NOT NULL, price numeric(20,4), qty integer, created timestamptz, "odd ""name" text);
  ALTER TABLE products OWNER TO bob;
  CREATE TABLE orders (id integer PRIMARY KEY, product uuid REFERENCES products);
  INSERT INTO products VALUES
    ('123e4567-e89b-12d3-a456-426614174000', E'😀 "quoted" \\N \\.', 19.9000, 3, '2024-07-01 12:00:00.123+03', 'x'),
    ('223e4567-e89b-12d3-a456-426614174000', E'tab\tline\nend', 0.1, NULL, NULL, NULL);
  INSERT INTO products SELECT gen_random_uuid(), 'Many ' || n, n / 100.0, n, now() - n * interval '1 minute', repeat('é', 100) FROM generate_series(1, 2000) AS n;`;

const options = ['--map', 'sku=uuid', '--map', 'id=uuid', '--currency', 'EUR'];

/** Products of another Postgres, in both kinds of dump. */
export function postgres(stack: ImportStack): void {
  const other = new OtherDatabase('postgres');

  before(async () => {
    await other.start();
    await other.sql(shop);
    const dump = ['pg_dump', '--username=postgres', '--host=127.0.0.1', '--dbname=shop'];
    other.dump(stack.path('shop.dump'), ...dump, '--format=custom');
    other.dump(stack.path('plain.sql'), ...dump);
  });
  after(() => other.remove());

  it('come from a dump of pg_dump, and from a plain one just so', async () => {
    const output = await stack.importOk('shop.dump', ...options);
    expect(output)
      .to.contain('table products of a PostgreSQL dump, 2002 rows')
      .and.contain('not taken: odd "name')
      .and.contain('has them: 2,002 new')
      .and.contain('2,001 rows with the time when it was made');
    const row = `SELECT name, price_amount, stock, created_at AT TIME ZONE 'UTC' FROM product WHERE id = '123e4567-e89b-12d3-a456-426614174000'`;
    expect(await stack.sql(row)).to.equal('😀 "quoted" \\N \\.|1990|3|2024-07-01 09:00:00.123');
    expect(
      await stack.sql(`SELECT name FROM product WHERE id = '223e4567-e89b-12d3-a456-426614174000'`),
    ).to.equal('tab\tline\nend');
    expect(await stack.importOk('plain.sql', ...options)).to.contain(
      '0 new, 0 changed, 2,002 as they are already',
    );
  });

  it('are refused where the dump is not whole, or another', async () => {
    for (const file of ['shop.dump', 'plain.sql']) {
      stack.cut(`cut-${file}`, file, readFileSync(stack.path(file)).length >> 1);
      await stack.refuses(`cut-${file}: `, `cut-${file}`, ...options);
    }
    await stack.refuses(
      'there is no table goods. There are:\n  public.orders (id, product)',
      'shop.dump',
      '--table',
      'goods',
    );
    await stack.refuses('No column looks like a name', 'shop.dump', '--table', 'orders');
    stack.write(
      'broken.sql',
      `${readFileSync(stack.path('plain.sql'), 'utf8').replace('title text', 'title citext')}`,
    );
    await stack.refuses('type "citext" does not exist', 'broken.sql', ...options);
  });
}
