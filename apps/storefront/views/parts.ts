import type { Product } from '../api-client.ts';
import { html, type Html } from '../html.ts';

/** A picture without a picture: a colour, a pattern and a letter that belong to the product for good. */
export function art({ id, name }: Product): Html {
  const number = parseInt(id.slice(-2), 16) || 0;
  const letter = [...name][0]?.toUpperCase() ?? '?';
  const look = `hue-${number % 8} shape-${(number >> 3) % 4}`;
  return html`<div class="art ${look}" aria-hidden="true"><span>${letter}</span></div>`;
}

const few = 10;
const count = new Intl.NumberFormat('en');

/** How many there are, in words that help to decide. */
export function stock({ stock }: Product): Html {
  if (stock === 0) return html`<p class="stock none">Sold out</p>`;
  if (stock < few) return html`<p class="stock few">Only ${stock} left</p>`;
  return html`<p class="stock">${count.format(stock)} in stock</p>`;
}
