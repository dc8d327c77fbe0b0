import formbody from '@fastify/formbody';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyServerOptions } from 'fastify';
import { Problem } from '../kit/problem.ts';
import { createServer } from '../kit/server.ts';
import { ApiAway, ApiRefusal, type ProductApi } from './api-client.ts';
import { assetRoutes } from './assets.ts';
import { pages, refuseOtherSites, show } from './pages.ts';
import { troubleView } from './views/trouble.ts';

/** What the storefront is built from. */
export interface StorefrontOptions {
  readonly api: ProductApi;
  readonly release: string;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The storefront, not yet listening. */
export async function createStorefront({
  api,
  release,
  logger,
}: StorefrontOptions): Promise<FastifyInstance> {
  const app = createServer({ logger: logger ?? false });
  app.removeAllContentTypeParsers();
  await app.register(formbody, { bodyLimit: 64 * 1024 });
  app.addHook('onRequest', refuseOtherSites);
  app.setErrorHandler((error: Error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) request.log.error({ err: error }, 'page failed');
    return trouble(reply, status, request.method === 'GET' ? request.url : '/');
  });
  app.setNotFoundHandler((_request, reply) => trouble(reply, 404, '/'));
  await app.register(assetRoutes);
  await app.register(pages, { api });
  app.get('/healthz', () => ({ status: 'ok', release }));
  app.get('/readyz', () => ({ status: 'ok' }));
  return app;
}

const messages: Record<number, [title: string, text: string]> = {
  400: ['That did not work', 'The address or the form is not one that this shop knows.'],
  403: ['Not from here', 'This form was sent by another site.'],
  404: ['Not found', 'There is no such page, or the product was deleted.'],
  412: ['It has changed', 'Somebody else has changed this product. Look at it again first.'],
  413: ['Too much', 'That is more text than this shop takes.'],
  503: [
    'Back in a moment',
    'The shop cannot reach its products right now. Nothing is lost; try again in a few seconds.',
  ],
};

function trouble(reply: FastifyReply, status: number, again: string): FastifyReply {
  const [title, text] = messages[status] ?? [
    'Something went wrong',
    'It has been noted. Try again in a moment.',
  ];
  if (status === 503) void reply.header('retry-after', '1');
  return show(reply.code(status), { title, content: troubleView(title, text, again) });
}

function statusOf(error: Error): number {
  if (error instanceof ApiAway) return 503;
  if (error instanceof ApiRefusal) return error.status === 422 ? 400 : error.status;
  if (error instanceof Problem) return error.status;
  return (error as FastifyError).statusCode ?? 500;
}
