import { currencies, fieldNames, labels, type FormFields } from '../form-fields.ts';
import { html, type Html } from '../html.ts';
import type { FormErrors } from '../product-form.ts';

/** What the form needs to know. `token` is the idempotency key of a new product, or the ETag of an existing one. */
export interface FormPage {
  readonly title: string;
  readonly action: string;
  readonly token: { readonly name: 'key' | 'etag'; readonly value: string };
  readonly fields: FormFields;
  readonly errors?: FormErrors;
  /** What is wrong with no field in particular. */
  readonly problem?: string;
  readonly cancel: string;
  /** Shown above the form, such as "somebody else has changed it". */
  readonly notice?: Html;
}

/** The form for a new or an existing product, with what is wrong next to each field. */
export function formView({
  title,
  action,
  token,
  fields,
  errors = {},
  problem,
  cancel,
  notice,
}: FormPage): Html {
  const input = (name: keyof FormFields, attributes: Html, hint?: string) =>
    field(name, errors[name], hint, (described) => inputView(name, fields[name], attributes, described));
  return html`<h1>${title}</h1>
    ${notice} ${summary(errors, problem)}
    <form class="edit" method="post" action="${action}" novalidate>
      <input type="hidden" name="${token.name}" value="${token.value}" />
      ${input('name', html`maxlength="200" required`)}
      ${input('sku', html`maxlength="64" required autocapitalize="characters" spellcheck="false"`, hints.sku)}
      <div class="row">
        ${input('price', html`inputmode="decimal" required`, hints.price)}
        ${field('currency', errors.currency, undefined, (described) => currencyView(fields.currency, described))}
        ${input('stock', html`inputmode="numeric" required`)}
      </div>
      ${field('description', errors.description, hints.description, (described) => descriptionView(fields.description, described))}
      <p class="actions">
        <button class="button primary" type="submit">Save</button>
        <a class="button" href="${cancel}">Cancel</a>
      </p>
    </form>`;
}

const hints = {
  sku: 'Letters, digits, dots, hyphens and underscores, such as LAMP-01.',
  price: 'Such as 12.50',
  description: 'Optional.',
};

function summary(errors: FormErrors, problem: string | undefined): Html | undefined {
  const wrong = fieldNames.filter((name) => errors[name] !== undefined);
  if (wrong.length === 0 && problem === undefined) return undefined;
  const items = wrong.map((name) => html`<li><a href="#${name}">${labels[name]}: ${errors[name]}</a></li>`);
  return html`<div class="problems" role="alert" tabindex="-1" autofocus>
    <h2>${wrong.length > 0 ? 'Please check the form' : 'Not saved'}</h2>
    ${problem !== undefined && html`<p>${problem}</p>`} ${wrong.length > 0 && html`<ul>${items}</ul>`}
  </div>`;
}

/** A label, a control that `control` makes out of its describing attributes, a hint and what is wrong. */
function field(
  name: keyof FormFields,
  error: string | undefined,
  hint: string | undefined,
  control: (described: Html) => Html,
): Html {
  const ids = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(Boolean);
  const described = html`${ids.length > 0 && html`aria-describedby="${ids.join(' ')}"`} ${error !== undefined && html`aria-invalid="true"`}`;
  return html`<div class="field">
    <label for="${name}">${labels[name]}</label>
    ${control(described)} ${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>`}
    ${error !== undefined && html`<p class="error" id="${name}-error"><span class="hidden">Error: </span>${error}</p>`}
  </div>`;
}

function inputView(name: string, value: string, attributes: Html, described: Html): Html {
  return html`<input id="${name}" name="${name}" value="${value}" autocomplete="off" ${attributes} ${described} />`;
}

// A line end right after <textarea> belongs to the markup, so that a description may begin with one.
function descriptionView(value: string, described: Html): Html {
  return html`<textarea id="description" name="description" rows="5" maxlength="5000" ${described}>
${value}</textarea
  >`;
}

function currencyView(value: string, described: Html): Html {
  const offered =
    currencies.includes(value) || !/^[A-Z]{3}$/.test(value) ? currencies : [value, ...currencies];
  const options = offered.map((one) => html`<option${one === value && html` selected`}>${one}</option>`);
  return html`<select id="currency" name="currency" ${described}>
    ${options}
  </select>`;
}
