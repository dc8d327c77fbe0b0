import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The header that carries a request's id from hop to hop; edge sets it. */
export const requestIdHeader = 'x-request-id';

/** The id that came with a request, or a new one where none came that is safe to log. */
export function requestId(request: Pick<IncomingMessage, 'headers'>): string {
  const given = request.headers[requestIdHeader];
  return typeof given === 'string' && /^[A-Za-z0-9._-]{8,64}$/.test(given) ? given : randomUUID();
}
