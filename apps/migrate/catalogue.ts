import type pg from 'pg';

const adjectives = [
  'Oak',
  'Linen',
  'Brass',
  'Nordic',
  'Folding',
  'Travel',
  'Classic',
  'Enamel',
  'Felt',
  'Walnut',
  'Cotton',
  'Steel',
];
const things = [
  'Desk Lamp',
  'Notebook',
  'Teapot',
  'Backpack',
  'Chair',
  'Water Bottle',
  'Wall Clock',
  'Blanket',
  'Cutting Board',
  'Headphones',
  'Mug',
  'Bicycle Bell',
  'Umbrella',
  'Bookshelf',
  'Candle',
  'Scarf',
  'Plant Pot',
];
const uses = [
  'for small rooms',
  'made to be repaired',
  'that ages well',
  'for every day',
  'from a family workshop',
  'packed without plastic',
];
const currencies = ['EUR', 'USD', 'GBP', 'JPY', 'CHF'];

// Version 7 UUIDs out of the number: the first product of the catalogue is the oldest. Deterministic: the same size, the same rows.
const insert = `
  INSERT INTO product (id, sku, name, description, price_amount, price_currency, stock, created_at, updated_at)
  SELECT
    (lpad(to_hex(1735689600000 + n * 60000::bigint), 12, '0') || '7' || substr(md5('r' || n), 1, 3) || '8' || substr(md5('s' || n), 1, 15))::uuid,
    'DEMO-' || lpad(n::text, 6, '0'),
    ($2::text[])[1 + n % $6] || ' ' || ($3::text[])[1 + (n / 3) % $7] || ' No. ' || n,
    'A ' || lower(($3::text[])[1 + (n / 3) % $7]) || ' ' || ($4::text[])[1 + n % $8] || '. Dummy product number ' || n || '.',
    CASE WHEN ($5::text[])[1 + n % $9] = 'JPY' THEN 300 + n * 37 % 40000 ELSE 199 + n * 731 % 60000 END,
    ($5::text[])[1 + n % $9],
    n * 7 % 120,
    to_timestamp((1735689600000 + n * 60000::bigint) / 1000.0),
    to_timestamp((1735689600000 + n * 60000::bigint) / 1000.0)
  FROM generate_series(1, $1::integer) AS n
  ON CONFLICT DO NOTHING`;

/** Loads `size` dummy products once in a database's life. Returns how many it added. */
export async function loadCatalogue(client: pg.Client, size: number): Promise<number> {
  const { rowCount: loaded } = await client.query('SELECT FROM catalogue_mark');
  if (size === 0 || loaded) return 0;
  await client.query('BEGIN');
  const lists = [adjectives, things, uses, currencies];
  const { rowCount } = await client.query(insert, [size, ...lists, ...lists.map(({ length }) => length)]);
  await client.query('INSERT INTO catalogue_mark DEFAULT VALUES');
  await client.query('COMMIT');
  await client.query('ANALYZE product');
  return rowCount ?? 0;
}
