import { html, type Html } from '../html.ts';

/** A page that says what went wrong and where to go from here; `again` is offered where trying again can help. */
export function troubleView(title: string, text: string, again: string | undefined): Html {
  return html`<div class="trouble">
    <h1>${title}</h1>
    <p>${text}</p>
    <p class="actions">
      ${again !== undefined && html`<a class="button primary" href="${again}">Try again</a>`}
      <a class="button" href="/">All products</a>
    </p>
  </div>`;
}
