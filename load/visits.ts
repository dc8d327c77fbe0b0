import { randomUUID } from 'node:crypto';
import type { Mix } from './options.ts';
import type { User } from './user.ts';

/** What a user does from beginning to end, before doing it again. @throws Lost as `User.ask` does. */
export type Visit = (user: User) => Promise<void>;

/** What user number `number` does. Of ten users of the mix "all", five look at pages, three ask the API, and two write. */
export function visitOf(mix: Mix, number: number): Visit {
  if (mix === 'browse') return browse;
  if (mix === 'api') return askApi;
  if (mix === 'write') return number % 2 ? writeByForm : writeByApi;
  return all[number % all.length]!;
}

// Products called "Load …" are somebody's who will delete them in a moment; nobody else opens them.
const browse: Visit = async (user) => {
  const list = await user.ask({ route: 'page: list', path: '/' });
  await openOne(user, list.text);
  const next = /href="([^"]+)" *>Next page/.exec(list.text)?.[1];
  if (next) await user.ask({ route: 'page: next', path: unescape(next) });
  const found = await user.ask({ route: 'page: search', path: `/?search=${word()}` });
  await openOne(user, found.text);
};

async function openOne(user: User, page: string): Promise<void> {
  const links = [...page.matchAll(/href="(\/products\/[0-9a-f-]{36})">(?!Load )/g)].map(([, link]) => link!);
  if (links.length > 0) await user.ask({ route: 'page: product', path: oneOf(links) });
}

type Page = { items: { id: string; name: string }[]; nextCursor: string | null };

const askApi: Visit = async (user) => {
  const list = await user.ask({ route: 'api: list', path: '/api/products' });
  const { items, nextCursor } = JSON.parse(list.text) as Page;
  const lasting = items.filter(({ name }) => !name.startsWith('Load '));
  if (lasting.length > 0)
    await user.ask({ route: 'api: product', path: `/api/products/${oneOf(lasting).id}` });
  if (nextCursor !== null) await user.ask({ route: 'api: next', path: `/api/products?cursor=${nextCursor}` });
  await user.ask({ route: 'api: search', path: `/api/products?search=${word()}` });
};

const writeByApi: Visit = async (user) => {
  const input = newProduct();
  const created = await user.ask({
    route: 'api: create',
    path: '/api/products',
    method: 'POST',
    headers: { 'idempotency-key': input.sku },
    body: input,
    expect: 201,
  });
  const path = `/api/products/${(JSON.parse(created.text) as { id: string }).id}`;
  const change = { route: 'api: change', path, method: 'PUT', body: { ...input, stock: 4 } } as const;
  const changed = await user.ask({ ...change, headers: ifMatch(created.headers['etag']) });
  const removal = { route: 'api: delete', path, method: 'DELETE', expect: 204 } as const;
  await user.ask({ ...removal, headers: ifMatch(changed.headers['etag']) });
};

const writeByForm: Visit = async (user) => {
  const form = await user.ask({ route: 'page: new', path: '/products/new' });
  const { price, stock, ...texts } = newProduct();
  const fields = { ...texts, price: '12.50', currency: price.currency, stock: String(stock) };
  const saved = await user.ask({
    ...post('page: save', '/products'),
    body: new URLSearchParams({ ...fields, key: hidden(form.text, 'key') }),
  });
  const path = String(saved.headers['location']).split('?')[0]!;
  const question = await user.ask({ route: 'page: delete?', path: `${path}/delete` });
  const body = new URLSearchParams({ etag: hidden(question.text, 'etag') });
  await user.ask({ ...post('page: delete', `${path}/delete`), body });
};

const all = [browse, askApi, writeByApi, browse, askApi, browse, writeByForm, browse, askApi, browse];

function post(route: string, path: string) {
  return { route, path, method: 'POST', expect: 303 } as const;
}

function ifMatch(etag: string | string[] | undefined): { 'if-match': string } {
  return { 'if-match': String(etag) };
}

function newProduct() {
  const sku = `LOAD-${randomUUID()}`;
  const price = { amount: 1250, currency: 'EUR' };
  return { sku, name: `Load ${sku}`, description: 'Made by npm run load', price, stock: 3 };
}

function hidden(page: string, name: string): string {
  return unescape(new RegExp(`name="${name}" value="([^"]*)"`).exec(page)?.[1] ?? '');
}

function unescape(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&');
}

function word(): string {
  return oneOf(['teapot', 'lamp', 'oak', 'linen', 'mug', 'chair', 'brass', 'scarf']);
}

function oneOf<T>(things: readonly T[]): T {
  return things[Math.floor(Math.random() * things.length)]!;
}
