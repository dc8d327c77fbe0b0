import type { FastifyInstance, FastifyReply } from 'fastify';
import { done, productUrl, show } from './answers.ts';
import type { ProductApi, Versioned } from './api-client.ts';
import { find } from './browsing.ts';
import { fieldNames, formOf, readForm, type FormFields } from './form-fields.ts';
import { parseForm } from './product-form.ts';
import { submit, type NotSaved } from './submit.ts';
import { conflictView } from './views/conflict.ts';
import { formView, type FormPage } from './views/form.ts';

type Id = { Params: { id: string } };
type Posted = Id & { Body: Record<string, unknown> | undefined };

/** The pages that change a product. */
export async function editing(app: FastifyInstance, { api }: { api: ProductApi }): Promise<void> {
  app.get<Id>('/products/:id/edit', async ({ params, id }, reply) => {
    const { product, etag } = await find(api, params.id, id);
    const content = editForm(product.id, { etag, fields: formOf(product) });
    return show(reply, { title: `Edit ${product.name}`, content });
  });

  app.post<Posted>('/products/:id', async ({ params, body, id: requestId, log }, reply) => {
    const etag = readEtag(body?.['etag']);
    const fields = readForm(body);
    const outcome = await submit(fields, (input) => api.update(params.id, etag, input, requestId), log);
    if ('saved' in outcome) return done(reply, productUrl(params.id), 'updated');
    if (isStale(outcome)) return meanwhile(reply, fields, await find(api, params.id, requestId));
    const content = editForm(params.id, { etag, fields, ...outcome });
    return show(reply.code(outcome.status), { title: 'Error: Edit product', content });
  });
}

/** The ETag that a form carries; empty, which no version has, where it cannot be one (RFC 9110, 8.8.3). */
export function readEtag(given: unknown): string {
  return typeof given === 'string' && /^"[\x21\x23-\x7e]{1,100}"$/.test(given) ? given : '""';
}

/** Whether the product was changed since the form was opened. */
export function isStale({ status }: { status: number }): boolean {
  return status === 412 || status === 428;
}

// Shows both versions. If they are the same, the form was saved and only its answer was lost: nothing to decide.
function meanwhile(reply: FastifyReply, mine: FormFields, { product, etag }: Versioned): FastifyReply {
  const theirs = formOf(product);
  if (isSame(mine, theirs)) return done(reply, productUrl(product.id), 'updated');
  const notice = conflictView(mine, theirs);
  const content = editForm(product.id, { etag, fields: mine, notice });
  return show(reply.code(409), { title: 'Error: Somebody else has changed this product', content });
}

function isSame(mine: FormFields, theirs: FormFields): boolean {
  const parsed = parseForm(mine);
  if (!('input' in parsed)) return false;
  const meant = formOf(parsed.input);
  return fieldNames.every((name) => meant[name] === theirs[name]);
}

type Shown = Pick<FormPage, 'fields' | 'notice'> & Partial<Omit<NotSaved, 'status'>> & { etag: string };

function editForm(id: string, { etag, ...more }: Shown) {
  const token = { name: 'etag', value: etag } as const;
  return formView({ title: 'Edit product', action: productUrl(id), token, cancel: productUrl(id), ...more });
}
