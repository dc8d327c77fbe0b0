import type { FastifyRequest } from 'fastify';

const safe = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The form comes from a page of another site. */
export class OtherSite extends Error {
  readonly statusCode = 403;
}

/**
 * Refuses forms that another site has sent. Browsers tell where a form comes from in Sec-Fetch-Site, but over plain http only to
 * localhost; then Origin tells it. What sends neither is no browser, and has no user's rights to abuse.
 * @throws OtherSite (403).
 */
export async function refuseOtherSites({ method, headers }: FastifyRequest): Promise<void> {
  if (safe.has(method)) return;
  const site = headers['sec-fetch-site'];
  const own =
    site === undefined ? isOwn(headers.origin, headers.host) : site === 'same-origin' || site === 'none';
  if (!own) throw new OtherSite('this form was sent by another site');
}

// Names only: nginx passes Host on without its port.
function isOwn(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  return hostName(origin) !== undefined && hostName(origin) === hostName(`http://${host}`);
}

function hostName(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}
