import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { done, productUrl, show } from './answers.ts';
import type { ProductApi } from './api-client.ts';
import { emptyForm, readForm } from './form-fields.ts';
import { submit, type NotSaved } from './submit.ts';
import { formView, type FormPage } from './views/form.ts';

type Posted = { Body: Record<string, unknown> | undefined };

/** The pages that add a product. */
export async function creating(app: FastifyInstance, { api }: { api: ProductApi }): Promise<void> {
  app.get('/products/new', (_request, reply) =>
    show(reply, { title: 'New product', content: newForm({ key: randomUUID(), fields: emptyForm }) }),
  );

  app.post<Posted>('/products', async ({ body, id, log }, reply) => {
    const key = readKey(body?.['key']);
    const fields = readForm(body);
    const outcome = await submit(fields, (input) => api.create(input, key, id), log);
    if ('saved' in outcome) return done(reply, productUrl(outcome.saved.id), 'created');
    const { status, ...more } = usable(key, outcome);
    return show(reply.code(status), { title: 'Error: New product', content: newForm({ fields, ...more }) });
  });
}

// The form's own key: however often the form is sent, it adds one product.
function readKey(given: unknown): string {
  return typeof given === 'string' && /^[A-Za-z0-9-]{8,64}$/.test(given) ? given : randomUUID();
}

// 422: somebody went back to a form that was saved, changed it and sent it again. Whether that is another product is theirs to say.
function usable(key: string, outcome: NotSaved): NotSaved & { key: string } {
  if (outcome.status !== 422) return { ...outcome, key };
  const problem = 'This form was saved before, with other values. Save again to add a second product.';
  return { ...outcome, status: 409, problem, key: randomUUID() };
}

function newForm({ key, ...more }: { key: string } & Pick<FormPage, 'fields' | 'errors' | 'problem'>) {
  const token = { name: 'key', value: key } as const;
  return formView({ title: 'New product', action: '/products', token, cancel: '/', ...more });
}
