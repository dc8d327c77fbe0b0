import { html, type Html } from '../html.ts';
import { currencies, type FormErrors, type FormFields } from '../product-form.ts';

/** What the form needs to know. `token` is the idempotency key of a new product, or the ETag of an existing one. */
export interface FormPage {
  readonly title: string;
  readonly action: string;
  readonly token: { readonly name: 'key' | 'etag'; readonly value: string };
  readonly fields: FormFields;
  readonly errors: FormErrors;
  readonly cancel: string;
  /** Said above the form, such as "somebody else has changed it". */
  readonly warning?: Html;
}

const labels: Record<keyof FormFields, string> = {
  name: 'Name',
  sku: 'Article number',
  description: 'Description',
  price: 'Price',
  currency: 'Currency',
  stock: 'In stock',
};

/** The form for a new or an existing product, with what is wrong next to each field. */
export function formView({ title, action, token, fields, errors, cancel, warning }: FormPage): Html {
  const field = (name: keyof FormFields, more: Html) => fieldView(name, fields[name], errors[name], more);
  return html`<h1>${title}</h1>
    ${warning} ${summary(errors)}
    <form class="edit" method="post" action="${action}" novalidate>
      <input type="hidden" name="${token.name}" value="${token.value}" />
      ${field('name', html`maxlength="200" required`)}
      ${field('sku', html`maxlength="64" required autocapitalize="characters"`)}
      <div class="row">
        ${field('price', html`inputmode="decimal" required`)}${currencyView(fields.currency, errors.currency)}${field('stock', html`inputmode="numeric" required`)}
      </div>
      ${descriptionView(fields.description, errors.description)}
      <p class="actions">
        <button class="button primary" type="submit">Save</button>
        <a class="button" href="${cancel}">Cancel</a>
      </p>
    </form>`;
}

function summary(errors: FormErrors): Html | undefined {
  const wrong = Object.entries(errors) as [keyof FormFields, string][];
  if (wrong.length === 0) return undefined;
  const items = wrong.map(
    ([name, message]) => html`<li><a href="#${name}">${labels[name]}: ${message}</a></li>`,
  );
  return html`<div class="problems" role="alert" tabindex="-1">
    <h2>Please check the form</h2>
    <ul>
      ${items}
    </ul>
  </div>`;
}

function fieldView(name: keyof FormFields, value: string, error: string | undefined, more: Html): Html {
  return html`<div class="field">
    <label for="${name}">${labels[name]}</label>
    <input
      id="${name}"
      name="${name}"
      value="${value}"
      ${describe(name, error)}
      ${more}
    />${message(name, error)}
  </div>`;
}

function descriptionView(value: string, error: string | undefined): Html {
  return html`<div class="field">
    <label for="description">${labels.description}</label>
    <textarea id="description" name="description" rows="5" maxlength="5000" ${describe('description', error)}>
${value}</textarea
    >${message('description', error)}
  </div>`;
}

function currencyView(value: string, error: string | undefined): Html {
  const known = currencies.includes(value) || !/^[A-Z]{3}$/.test(value) ? currencies : [value, ...currencies];
  const options = known.map(
    (currency) => html`<option${currency === value && html` selected`}>${currency}</option>`,
  );
  return html`<div class="field">
    <label for="currency">${labels.currency}</label>
    <select id="currency" name="currency" ${describe('currency', error)}>
      ${options}</select
    >${message('currency', error)}
  </div>`;
}

function describe(name: string, error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`aria-invalid="true" aria-describedby="${name}-error"`;
}

function message(name: string, error: string | undefined): Html | undefined {
  return error === undefined ? undefined : html`<p class="error" id="${name}-error">${error}</p>`;
}
