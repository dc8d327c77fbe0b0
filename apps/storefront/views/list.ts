import type { Product, ProductPage } from '../api-client.ts';
import { productUrl } from '../answers.ts';
import { html, type Html } from '../html.ts';
import { formatPrice } from '../money.ts';
import { firstPlace, nextPlace, placeUrl, previousPlace, type Place } from '../paging.ts';
import { art, stock } from './parts.ts';

/** The list of products, as cards. */
export function listView({ items, nextCursor }: ProductPage, place: Place): Html {
  const { search } = place;
  return html`<div class="heading">
      <h1>${search === undefined ? 'Products' : html`Results for “${search}”`}</h1>
      ${search !== undefined && html`<a href="/">All products</a>`}
    </div>
    ${items.length === 0 ? nothing : html`<ul class="cards" role="list">${items.map(card)}</ul>`}
    ${pages(place, nextCursor)}`;
}

const nothing = html`<p class="empty">
  Nothing found. <a href="/">See all products</a> or <a href="/products/new">add one</a>.
</p>`;

function card(product: Product): Html {
  return html`<li class="card">
    ${art(product)}
    <h2><a href="${productUrl(product.id)}">${product.name}</a></h2>
    <p class="price">${formatPrice(product.price)}</p>
    ${stock(product)}
  </li>`;
}

function pages(place: Place, nextCursor: string | null): Html | undefined {
  const previous = previousPlace(place);
  const isFirst = place.cursor === undefined;
  if (isFirst && nextCursor === null) return undefined;
  return html`<nav class="pages" aria-label="Pages">
    ${!isFirst && html`<a class="button" href="${placeUrl(firstPlace(place))}">First page</a>`}
    ${previous && html`<a class="button" rel="prev" href="${placeUrl(previous)}">Previous page</a>`}
    ${nextCursor !== null && html`<a class="button" rel="next" href="${placeUrl(nextPlace(place, nextCursor))}">Next page</a>`}
  </nav>`;
}
