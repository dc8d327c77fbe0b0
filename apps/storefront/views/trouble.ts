import { html, type Html } from '../html.ts';
import { formatPrice } from '../money.ts';
import type { Product } from '../api-client.ts';

/** A page that says what went wrong and where to go from here. */
export function troubleView(title: string, text: string, again: string): Html {
  return html`<div class="trouble">
    <h1>${title}</h1>
    <p>${text}</p>
    <p><a class="button primary" href="${again}">Try again</a> <a class="button" href="/">All products</a></p>
  </div>`;
}

/** Said above a form whose product somebody else has changed meanwhile. */
export function conflictWarning({ name, sku, price, stock }: Product): Html {
  return html`<div class="problems" role="alert">
    <h2>Somebody else has changed this product</h2>
    <p>
      It is now “${name}” (${sku}), ${formatPrice(price)}, ${stock} in stock. Below is what you entered: save
      it to replace theirs, or cancel to keep theirs.
    </p>
  </div>`;
}
