import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { show } from './answers.ts';
import { ApiAway, ApiRefusal } from './api-client.ts';
import { troubleView } from './views/trouble.ts';

/** Answers everything that goes wrong with a page; what is our fault is logged and not told. */
export function answerTrouble(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => answerError(error, request, reply));
  app.setNotFoundHandler((_request, reply) => trouble(reply, 404));
}

/** A page for an error. Also for Fastify's own `frameworkErrors`, such as an address that cannot be decoded. */
export function answerError(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const status = statusOf(error);
  if (status >= 500) request.log.error({ err: error }, 'the page failed');
  return trouble(reply, status, againUrl(request));
}

function statusOf(error: Error): number {
  if (error instanceof ApiAway) return 503;
  if (error instanceof ApiRefusal) return error.status;
  const { statusCode = 500 } = error as FastifyError;
  return statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}

const messages = new Map<number, readonly [title: string, text: string]>([
  [
    403,
    [
      'Not from here',
      'This form was sent by another site. If that was you: open the page here and try again.',
    ],
  ],
  [404, ['Not found', 'There is no such page, or the product was deleted.']],
  [413, ['Too much text', 'That is more than this shop takes. Go back and shorten it.']],
  [
    503,
    [
      'Back in a moment',
      'The shop cannot reach its products right now. Nothing is lost; try again in a few seconds.',
    ],
  ],
]);
const refused = ['That did not work', 'The address or the form is not one that this shop knows.'] as const;
const failed = ['Something went wrong', 'It has been noted. Try again in a moment.'] as const;

function trouble(reply: FastifyReply, status: number, again?: string): FastifyReply {
  const [title, text] = messages.get(status) ?? (status < 500 ? refused : failed);
  const content = troubleView(title, text, status < 500 ? undefined : (again ?? '/'));
  return show(reply.code(status), { title, content });
}

// Only the address of a route is a page of ours: anything else, such as //other.example, is nothing to link to.
function againUrl({ method, url, routeOptions }: FastifyRequest): string | undefined {
  const route = routeOptions?.url;
  const isPage = route !== undefined && (method === 'GET' || route.endsWith('/delete'));
  return isPage ? url : undefined;
}
