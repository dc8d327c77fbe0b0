import type { FastifyInstance } from 'fastify';
import { done, show } from './answers.ts';
import { ApiRefusal, type ProductApi } from './api-client.ts';
import { find } from './browsing.ts';
import { isStale, readEtag } from './editing.ts';
import { deleteView } from './views/delete.ts';

type Id = { Params: { id: string } };
type Posted = Id & { Body: Record<string, unknown> | undefined };

/** The pages that delete a product: one that asks, and the answer to it. */
export async function deleting(app: FastifyInstance, { api }: { api: ProductApi }): Promise<void> {
  app.get<Id>('/products/:id/delete', async ({ params, id }, reply) => {
    const found = await find(api, params.id, id);
    return show(reply, { title: `Delete ${found.product.name}?`, content: deleteView(found) });
  });

  app.post<Posted>('/products/:id/delete', async ({ params, body, id }, reply) => {
    const result = await remove(api, params.id, readEtag(body?.['etag']), id);
    if (result === 'removed') return done(reply, '/', 'deleted');
    const content = deleteView(await find(api, params.id, id), 'changed');
    return show(reply.code(409), { title: 'Error: Somebody else has changed this product', content });
  });
}

async function remove(
  api: ProductApi,
  id: string,
  etag: string,
  requestId: string,
): Promise<'removed' | 'stale'> {
  try {
    await api.remove(id, etag, requestId);
    return 'removed';
  } catch (error) {
    if (!(error instanceof ApiRefusal)) throw error;
    // Gone already, perhaps by the same button pressed twice: that is what was wanted.
    if (error.status === 404) return 'removed';
    if (isStale(error)) return 'stale';
    throw error;
  }
}
