import type { Product } from '../api-client.ts';
import { productUrl } from '../answers.ts';
import { html, type Html } from '../html.ts';
import { formatPrice } from '../money.ts';
import { art, stock } from './parts.ts';

/** One product. */
export function productView(product: Product): Html {
  const { id, name, description, sku, price, createdAt, updatedAt } = product;
  return html`<p class="back"><a href="/">All products</a></p>
    <article class="product">
      ${art(product)}
      <div>
        <h1>${name}</h1>
        <p class="price">${formatPrice(price)}</p>
        ${stock(product)} ${description !== '' && html`<p class="description">${description}</p>`}
        <dl class="facts">
          <dt>Article number</dt>
          <dd>${sku}</dd>
          <dt>Added</dt>
          <dd>${time(createdAt)}</dd>
          <dt>Changed</dt>
          <dd>${time(updatedAt)}</dd>
        </dl>
        <p class="actions">
          <a class="button primary" href="${productUrl(id, '/edit')}">Edit</a>
          <a class="button danger" href="${productUrl(id, '/delete')}">Delete</a>
        </p>
      </div>
    </article>`;
}

const words = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });

function time(iso: string): Html {
  return html`<time datetime="${iso}">${words.format(new Date(iso))} UTC</time>`;
}
