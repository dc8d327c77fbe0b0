import type { Versioned } from '../api-client.ts';
import { productUrl } from '../answers.ts';
import { html, type Html } from '../html.ts';
import { formatPrice } from '../money.ts';
import { art, stock } from './parts.ts';

/** Asks before a product is deleted; `changed` says that it is not what it was when this was last asked. */
export function deleteView({ product, etag }: Versioned, changed?: 'changed'): Html {
  const { id, name, sku, price } = product;
  return html`<h1>Delete “${name}”?</h1>
    ${changed && warning}
    <div class="summary">
      ${art(product)}
      <div>
        <p class="price">${formatPrice(price)}</p>
        ${stock(product)}
        <p class="soft">${sku}</p>
      </div>
    </div>
    <p>This cannot be undone.</p>
    <form method="post" action="${productUrl(id, '/delete')}" class="actions">
      <input type="hidden" name="etag" value="${etag}" />
      <button class="button danger" type="submit">Delete</button>
      <a class="button" href="${productUrl(id)}">Keep it</a>
    </form>`;
}

const warning = html`<div class="problems" role="alert">
  <h2>Somebody else has changed this product</h2>
  <p>It was not deleted. Below is what it is now.</p>
</div>`;
