import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiRefusal, type ProductApi } from './api-client.ts';
import {
  emptyForm,
  formErrors,
  formOf,
  parseForm,
  readForm,
  type FormErrors,
  type FormFields,
} from './product-form.ts';
import { formView } from './views/form.ts';
import { layout, type Page } from './views/layout.ts';
import { deleteView, listView, productView } from './views/products.ts';
import { conflictWarning } from './views/trouble.ts';

/** Products on one page. */
const pageSize = 24;

/** What is said after something was done; the address carries only the word. */
const notices: Record<string, string> = {
  created: 'The product was added.',
  updated: 'The changes were saved.',
  deleted: 'The product was deleted.',
};

interface Query {
  readonly search?: string;
  readonly cursor?: string;
  readonly done?: string;
}
type Id = { Params: { id: string } };
type Posted = Id & { Body: Record<string, unknown> | undefined };

/** All pages of the storefront. */
export async function pages(app: FastifyInstance, { api }: { api: ProductApi }): Promise<void> {
  app.get<{ Querystring: Query }>('/', async ({ query, id }, reply) => {
    const search = text(query.search).trim();
    const wanted = { ...(search && { search }), ...(text(query.cursor) && { cursor: text(query.cursor) }) };
    const page = await api.list({ ...wanted, limit: pageSize }, id);
    return show(reply, {
      title: search || 'Products',
      search,
      notice: notices[text(query.done)],
      content: listView(page, wanted),
    });
  });

  app.get('/products/new', (_request, reply) =>
    show(reply, { title: 'New product', content: newForm(randomUUID(), emptyForm, {}) }),
  );

  app.post<Posted>('/products', async ({ body, id: requestId }, reply) => {
    const key = text(body?.['key']) || randomUUID();
    const fields = readForm(body);
    return submit(fields, (input) => api.create(input, key, requestId)).then((result) =>
      'errors' in result
        ? invalid(reply, result.status, 'New product', newForm(key, fields, result.errors))
        : done(reply, result.id, 'created'),
    );
  });

  app.get<Id & { Querystring: Query }>('/products/:id', async ({ params, query, id }, reply) => {
    const { product } = await api.read(params.id, id);
    return show(reply, {
      title: product.name,
      notice: notices[text(query.done)],
      content: productView(product),
    });
  });

  app.get<Id>('/products/:id/edit', async ({ params, id }, reply) => {
    const { product, etag } = await api.read(params.id, id);
    return show(reply, {
      title: `Edit ${product.name}`,
      content: editForm(params.id, etag, formOf(product), {}),
    });
  });

  app.post<Posted>('/products/:id', async ({ params, body, id: requestId }, reply) => {
    const etag = text(body?.['etag']);
    const fields = readForm(body);
    const result = await submit(fields, (input) => api.update(params.id, etag, input, requestId));
    if (!('errors' in result)) return done(reply, params.id, 'updated');
    if (result.status === 412 || result.status === 428)
      return conflict(api, params.id, fields, requestId, reply);
    return invalid(reply, result.status, 'Edit product', editForm(params.id, etag, fields, result.errors));
  });

  app.get<Id>('/products/:id/delete', async ({ params, id }, reply) => {
    const { product, etag } = await api.read(params.id, id);
    return show(reply, { title: `Delete ${product.name}?`, content: deleteView(product, etag) });
  });

  app.post<Posted>('/products/:id/delete', async ({ params, body, id }, reply) => {
    await api.remove(params.id, text(body?.['etag']), id);
    return reply.redirect('/?done=deleted', 303);
  });
}

type Submitted = { readonly id: string } | { readonly status: number; readonly errors: FormErrors };

/** Sends a form's product to the API; what is wrong with it comes back by field. */
async function submit(
  fields: FormFields,
  send: (
    input: Extract<ReturnType<typeof parseForm>, { input: unknown }>['input'],
  ) => Promise<{ product: { id: string } }>,
): Promise<Submitted> {
  const parsed = parseForm(fields);
  if ('errors' in parsed) return { status: 400, errors: parsed.errors };
  try {
    return { id: (await send(parsed.input)).product.id };
  } catch (error) {
    if (!(error instanceof ApiRefusal) || error.status === 404) throw error;
    return { status: error.status, errors: formErrors(error.errors) };
  }
}

async function conflict(
  api: ProductApi,
  id: string,
  fields: FormFields,
  requestId: string,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { product, etag } = await api.read(id, requestId);
  const content = formView({ ...editPage(id, etag, fields, {}), warning: conflictWarning(product) });
  return show(reply.code(409), { title: 'Somebody else has changed this product', content });
}

function newForm(key: string, fields: FormFields, errors: FormErrors) {
  return formView({
    title: 'New product',
    action: '/products',
    token: { name: 'key', value: key },
    fields,
    errors,
    cancel: '/',
  });
}

function editPage(id: string, etag: string, fields: FormFields, errors: FormErrors) {
  const token = { name: 'etag', value: etag } as const;
  return {
    title: 'Edit product',
    action: `/products/${id}`,
    token,
    fields,
    errors,
    cancel: `/products/${id}`,
  };
}

function editForm(id: string, etag: string, fields: FormFields, errors: FormErrors) {
  return formView(editPage(id, etag, fields, errors));
}

function invalid(reply: FastifyReply, status: number, title: string, content: Page['content']): FastifyReply {
  return show(reply.code(status), { title: `Error: ${title}`, content });
}

function done(reply: FastifyReply, id: string, what: string): FastifyReply {
  return reply.redirect(`/products/${id}?done=${what}`, 303);
}

/** Sends a page. */
export function show(reply: FastifyReply, page: Page): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(layout(page));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Refuses forms that another site has sent; browsers say where a form comes from (fetch metadata). */
export async function refuseOtherSites(request: FastifyRequest): Promise<void> {
  const site = request.headers['sec-fetch-site'];
  if (
    request.method !== 'GET' &&
    request.method !== 'HEAD' &&
    (site === 'cross-site' || site === 'same-site')
  ) {
    throw new ApiRefusal(403, 'This form was sent by another site.');
  }
}
