import { assetUrl } from '../assets.ts';
import { html, type Html } from '../html.ts';

/** What every page has. */
export interface Page {
  readonly title: string;
  /** What the search box holds. */
  readonly search?: string;
  /** Said to the user once, after something was done. */
  readonly notice?: string | undefined;
  readonly content: Html;
}

/** A whole page as text. */
export function layout({ title, search = '', notice, content }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Corner Shop</title>
        <link rel="stylesheet" href="${assetUrl('style.css')}" />
        <link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml" />
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        ${header(search)}
        <main id="main" tabindex="-1">
          ${notice !== undefined && html`<p class="notice" role="status">${notice}</p>`} ${content}
        </main>
        <footer class="foot">
          <p>Corner Shop · <a href="/api/docs">API</a></p>
        </footer>
      </body>
    </html> `.text;
}

function header(search: string): Html {
  return html`<header class="bar">
    <a class="brand" href="/">
      <img src="${assetUrl('icon.svg')}" alt="" width="32" height="32" /> Corner Shop
    </a>
    <form class="search" role="search" action="/" method="get">
      <label class="hidden" for="search">Search products by name</label>
      <input
        id="search"
        name="search"
        type="search"
        value="${search}"
        placeholder="Search products"
        maxlength="100"
        enterkeyhint="search"
      />
      <button class="button" type="submit">Search</button>
    </form>
    <a class="button primary" href="/products/new">New product</a>
  </header>`;
}
