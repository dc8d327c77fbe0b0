import type { FastifyReply } from 'fastify';
import { layout, type Page } from './views/layout.ts';

/** What a page may load: what comes from here. No script, no style in the page itself, no frame around it. */
const policy = [
  "default-src 'self'",
  "script-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  // Not "no-referrer": that would make browsers hide a form's origin from ourselves too.
  'referrer-policy': 'same-origin',
};

/** Seconds after which it is worth trying again when the API is away. */
export const retryAfter = 1;

/** Sends a page, with Retry-After where its status is 503. */
export function show(reply: FastifyReply, page: Page): FastifyReply {
  if (reply.statusCode === 503) void reply.header('retry-after', String(retryAfter));
  return reply.headers(headers).send(layout(page));
}

// The address carries only the word, so nobody can put words into the shop's mouth.
const notices = new Map([
  ['created', 'The product was added.'],
  ['updated', 'The changes were saved.'],
  ['deleted', 'The product was deleted.'],
]);

/** What was just done, as `done` put it into the address; undefined for anything else. */
export function noticeOf(query: Record<string, unknown>): string | undefined {
  return notices.get(String(query['done']));
}

/** Goes to a page with GET, so that reloading it sends no form again, and says there what was done. */
export function done(
  reply: FastifyReply,
  path: string,
  what: 'created' | 'updated' | 'deleted',
): FastifyReply {
  return reply.header('cache-control', 'no-store').redirect(`${path}?done=${what}`, 303);
}

/** The address of a product's page. */
export function productUrl(id: string, page: '' | '/edit' | '/delete' = ''): string {
  return `/products/${encodeURIComponent(id)}${page}`;
}
