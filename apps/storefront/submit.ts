import type { FastifyBaseLogger } from 'fastify';
import { ApiAway, ApiRefusal, type Product, type ProductInput, type Versioned } from './api-client.ts';
import type { FormFields } from './form-fields.ts';
import { formErrors, parseForm, type FormErrors } from './product-form.ts';

/** Why a form was not saved: what is wrong by field, and `problem` where it belongs to none. */
export interface NotSaved {
  readonly status: number;
  readonly errors: FormErrors;
  readonly problem?: string;
}

/** What became of a form. */
export type Outcome = { readonly saved: Product } | NotSaved;

/** Said when nobody knows whether it was saved; the form's key or ETag makes it safe to send it again. */
const away =
  'The shop cannot save right now. What you entered is still here: press Save again in a few seconds. It will not be saved twice.';

/** Sends a form's product with `send`. @throws ApiRefusal 404: what the form is about is gone. */
export async function submit(
  fields: FormFields,
  send: (input: ProductInput) => Promise<Versioned>,
  log: FastifyBaseLogger,
): Promise<Outcome> {
  const parsed = parseForm(fields);
  if ('errors' in parsed) return { status: 400, errors: parsed.errors };
  try {
    return { saved: (await send(parsed.input)).product };
  } catch (error) {
    if (error instanceof ApiAway) log.error({ err: error }, 'the form was not saved');
    return notSaved(error);
  }
}

function notSaved(error: unknown): NotSaved {
  if (error instanceof ApiAway) return { status: 503, errors: {}, problem: away };
  if (!(error instanceof ApiRefusal) || error.status === 404) throw error;
  const errors = formErrors(error.errors);
  const { status, message } = error;
  return { status, errors, ...(Object.keys(errors).length === 0 && { problem: message }) };
}
