import type { FastifyInstance, FastifyReply, RouteShorthandOptions } from 'fastify';
import Type from 'typebox';
import { Problem } from '../kit/problem.ts';
import { remember } from '../kit/remember.ts';
import { etag, expectedVersion, stale } from './etag.ts';
import type { ProductRepository, Versioned } from './repository.ts';
import {
  IdParams,
  idempotencyHeader,
  ifMatchHeader,
  ListQuery,
  type ProductInput,
  type ProductPage,
} from './schema.ts';

type Headers = Record<string, string | undefined>;

const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Type.Ref('Problem') } },
});
const problems = {
  400: problem('Not valid; every wrong field is listed.'),
  404: problem('No such product.'),
  409: problem('The sku is taken.'),
  412: problem('The product has changed meanwhile.'),
  413: problem('More than 64 KiB.'),
  415: problem('Not JSON.'),
  422: problem('The Idempotency-Key was used for another product.'),
  428: problem('If-Match is missing.'),
  503: problem('The database does not answer; see Retry-After.'),
};
type Status = keyof typeof problems;

function answers(success: Record<number, unknown>, ...statuses: Status[]): Record<number, unknown> {
  return { ...success, ...Object.fromEntries(statuses.map((status) => [status, problems[status]])) };
}

const options = {
  list: {
    schema: {
      summary: 'List products, newest first',
      querystring: ListQuery,
      response: answers({ 200: Type.Ref('ProductPage') }, 400, 503),
    },
  },
  read: {
    schema: {
      summary: 'Read a product',
      params: IdParams,
      response: answers({ 200: Type.Ref('Product') }, 400, 404, 503),
    },
  },
  create: {
    schema: {
      summary: 'Create a product',
      headers: idempotencyHeader,
      body: Type.Ref('ProductInput'),
      response: answers({ 201: Type.Ref('Product') }, 400, 409, 413, 415, 422, 503),
    },
  },
  update: {
    schema: {
      summary: 'Replace a product',
      params: IdParams,
      headers: ifMatchHeader,
      body: Type.Ref('ProductInput'),
      response: answers({ 200: Type.Ref('Product') }, 400, 404, 409, 412, 413, 415, 428, 503),
    },
  },
  remove: {
    schema: {
      summary: 'Delete a product',
      params: IdParams,
      headers: ifMatchHeader,
      response: answers({ 204: Type.Null({ description: 'Deleted.' }) }, 400, 404, 412, 413, 415, 428, 503),
    },
  },
} satisfies Record<string, RouteShorthandOptions>;

/** The routes of /api/products. */
export async function productRoutes(
  app: FastifyInstance,
  { repository }: { repository: ProductRepository },
): Promise<void> {
  app.get('/products', options.list, async ({ query }, reply) => {
    const page = await repository.list(query as ListQuery);
    return reply.type('application/json; charset=utf-8').send(toBytes(page, reply));
  });

  app.get('/products/:id', options.read, async ({ params }, reply) => {
    const { id } = params as IdParams;
    return send(reply, found(id, await repository.read(id)));
  });

  app.post('/products', options.create, async ({ body, headers }, reply) => {
    const created = await repository.create(body as ProductInput, (headers as Headers)['idempotency-key']);
    return send(reply.code(201).header('location', `/api/products/${created.product.id}`), created);
  });

  app.put('/products/:id', options.update, async ({ params, headers, body }, reply) => {
    const { id } = params as IdParams;
    const result = await repository.update(
      id,
      expectedVersion((headers as Headers)['if-match']),
      body as ProductInput,
    );
    if (result === 'stale') throw stale();
    return send(reply, found(id, result === 'missing' ? undefined : result));
  });

  app.delete('/products/:id', options.remove, async ({ params, headers }, reply) => {
    const { id } = params as IdParams;
    const result = await repository.remove(id, expectedVersion((headers as Headers)['if-match']));
    if (result === 'stale') throw stale();
    if (result === 'missing') throw missing(id);
    return reply.code(204).send();
  });
}

/** Who shares a page shares its bytes. */
const toBytes = remember((page: ProductPage, reply: FastifyReply) =>
  Buffer.from(String(reply.serialize(page))),
);

function send(reply: FastifyReply, { product, version }: Versioned): FastifyReply {
  return reply.header('etag', etag(version)).send(product);
}

function found(id: string, result: Versioned | undefined): Versioned {
  if (!result) throw missing(id);
  return result;
}

function missing(id: string): Problem {
  return new Problem(404, `There is no product ${id}.`);
}
