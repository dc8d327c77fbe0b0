// The list of products as a first prototype has it, to compare with: no schema, no prepared statement, nothing but Fastify and pg with
// their defaults. Runs in the image of product-api, with the packages of apps/.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import Fastify from 'fastify';
import pg from 'pg';

const env = process.env;
const pool = new pg.Pool({
  host: env.DATABASE_HOST,
  database: env.DATABASE_NAME,
  user: env.DATABASE_USER,
  password: readFileSync(env.DATABASE_PASSWORD_FILE, 'utf8').trim(),
});
const app = Fastify();

app.get('/api/products', async (request) => {
  const limit = Number(request.query.limit ?? 20);
  const { rows } = await pool.query('SELECT * FROM product ORDER BY id DESC LIMIT $1', [limit]);
  const items = rows.map((row) => ({
    id: row.id,
    sku: row.sku,
    name: row.name,
    description: row.description,
    price: { amount: Number(row.price_amount), currency: row.price_currency },
    stock: row.stock,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }));
  return { items, nextCursor: items.at(-1)?.id ?? null };
});

await app.listen({ host: '0.0.0.0', port: 8080 });
