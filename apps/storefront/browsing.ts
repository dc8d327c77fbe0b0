import type { FastifyInstance } from 'fastify';
import { noticeOf, show } from './answers.ts';
import { ApiRefusal, type ProductApi, type Versioned } from './api-client.ts';
import { readPlace } from './paging.ts';
import { listView } from './views/list.ts';
import { productView } from './views/product.ts';

/** Products on one page: fills rows of two, three and four. */
const pageSize = 24;

type Query = { Querystring: Record<string, unknown> };

/** The pages that only show: the list, and a product. */
export async function browsing(app: FastifyInstance, { api }: { api: ProductApi }): Promise<void> {
  app.get<Query>('/', async ({ query, id }, reply) => {
    const place = readPlace(query);
    const { search = '', cursor } = place;
    const wanted = { ...(search && { search }), ...(cursor && { cursor }), limit: pageSize };
    const page = await api.list(wanted, id);
    const notice = noticeOf(query);
    return show(reply, { title: search || 'Products', search, notice, content: listView(page, place) });
  });

  app.get<Query & { Params: { id: string } }>('/products/:id', async ({ params, query, id }, reply) => {
    const { product } = await find(api, params.id, id);
    return show(reply, { title: product.name, notice: noticeOf(query), content: productView(product) });
  });
}

/** A product by what an address calls it. @throws ApiRefusal 404 also where the API finds the id itself wrong; else as `read`. */
export async function find(api: ProductApi, id: string, requestId: string): Promise<Versioned> {
  try {
    return await api.read(id, requestId);
  } catch (error) {
    if (error instanceof ApiRefusal && error.status === 400) throw new ApiRefusal(404, error.message);
    throw error;
  }
}
