import type { Product, ProductPage } from '../api-client.ts';
import { html, type Html } from '../html.ts';
import { formatPrice } from '../money.ts';

/** The list of products, as cards. */
export function listView(
  { items, nextCursor }: ProductPage,
  { search = '', cursor }: { search?: string; cursor?: string },
): Html {
  const parameters = (more: Record<string, string>) =>
    String(new URLSearchParams({ ...(search && { search }), ...more }));
  return html`<h1>${search === '' ? 'Products' : html`Results for “${search}”`}</h1>
    ${items.length === 0 && html`<p class="empty">Nothing found. <a href="/">See all products</a> or <a href="/products/new">add one</a>.</p>`}
    <ul class="cards">
      ${items.map(card)}
    </ul>
    <nav class="pages" aria-label="Pages">
      ${cursor !== undefined && html`<a class="button" href="/?${parameters({})}">First page</a>`}
      ${nextCursor !== null && html`<a class="button" rel="next" href="/?${parameters({ cursor: nextCursor })}">Next page</a>`}
    </nav>`;
}

function card(product: Product): Html {
  return html`<li class="card">
    ${art(product)}
    <h2><a href="/products/${product.id}">${product.name}</a></h2>
    <p class="price">${formatPrice(product.price)}</p>
    ${stock(product)}
  </li>`;
}

/** A picture without a picture: a colour and a letter that belong to the product. */
export function art({ id, name }: Product): Html {
  const hue = parseInt(id.slice(-2), 16) % 8;
  return html`<div class="art hue-${hue}" aria-hidden="true">
    ${[...name.trim()][0]?.toUpperCase() ?? '?'}
  </div>`;
}

function stock({ stock }: Product): Html {
  if (stock === 0) return html`<p class="stock none">Sold out</p>`;
  return stock < 10
    ? html`<p class="stock few">Only ${stock} left</p>`
    : html`<p class="stock">${stock} in stock</p>`;
}

/** One product. */
export function productView(product: Product): Html {
  return html`<article class="product">
    ${art(product)}
    <div>
      <h1>${product.name}</h1>
      <p class="price">${formatPrice(product.price)}</p>
      ${stock(product)}
      <p class="description">${product.description}</p>
      <dl>
        <dt>Article number</dt>
        <dd>${product.sku}</dd>
        <dt>Changed</dt>
        <dd><time datetime="${product.updatedAt}">${date(product.updatedAt)}</time></dd>
      </dl>
      <p class="actions">
        <a class="button primary" href="/products/${product.id}/edit">Edit</a>
        <a class="button danger" href="/products/${product.id}/delete">Delete</a>
      </p>
    </div>
  </article>`;
}

function date(iso: string): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(
    new Date(iso),
  );
}

/** Asks before a product is deleted. */
export function deleteView({ id, name }: Product, etag: string): Html {
  return html`<h1>Delete “${name}”?</h1>
    <p>This cannot be undone.</p>
    <form method="post" action="/products/${id}/delete" class="actions">
      <input type="hidden" name="etag" value="${etag}" />
      <button class="button danger" type="submit">Delete</button>
      <a class="button" href="/products/${id}">Keep it</a>
    </form>`;
}
