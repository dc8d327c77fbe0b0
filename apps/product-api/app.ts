import { METHODS } from 'node:http';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { answerProblems, Problem, refusePath } from '../kit/problem.ts';
import { createServer } from '../kit/server.ts';
import { describeApi } from './docs.ts';
import type { ProductRepository } from './repository.ts';
import { productRoutes } from './routes.ts';
import { schemas } from './schema.ts';
import { validateStrictly } from './validation.ts';

/** What the API is built from. */
export interface ApiOptions {
  readonly repository: ProductRepository;
  readonly release: string;
  readonly logger?: FastifyServerOptions['logger'];
}

/** The ProductAPI, not yet listening. */
export async function createApi({ repository, release, logger }: ApiOptions): Promise<FastifyInstance> {
  const app = createServer({ logger: logger ?? false, frameworkErrors: refusePath });
  app.removeContentTypeParser('text/plain');
  answerProblems(app);
  for (const schema of schemas) app.addSchema(schema);
  validateStrictly(app);
  await describeApi(app, release);
  await app.register(productRoutes, { prefix: '/api', repository });
  refuseOtherMethods(app);

  app.get('/healthz', { schema: { hide: true } }, () => ({ status: 'ok', release }));
  app.get('/readyz', { schema: { hide: true } }, async (_request, reply) => {
    const ready = await repository.ready();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ok' : 'the database does not answer' });
  });
  closeAfterLastAnswer(app, repository);
  return app;
}

/** 405 with Allow, where the path exists and the method does not (RFC 9110, 15.5.6). */
function refuseOtherMethods(app: FastifyInstance): void {
  const allowed = {
    '/api/products': ['GET', 'HEAD', 'POST'],
    '/api/products/:id': ['GET', 'HEAD', 'PUT', 'DELETE'],
  };
  // CONNECT never gets as far as a route.
  const unknown = METHODS.filter((method) => method !== 'CONNECT' && !app.supportedMethods.includes(method));
  for (const method of unknown) app.addHttpMethod(method);
  for (const [url, methods] of Object.entries(allowed)) {
    const others = app.supportedMethods.filter((method) => !methods.includes(method));
    app.route({
      method: others,
      url,
      schema: { hide: true },
      onRequest: async ({ method }) => {
        throw new Problem(405, `${method} is not possible here.`, { headers: { allow: methods.join(', ') } });
      },
      handler: () => undefined,
    });
  }
}

/** Requests in flight still need the database while the server closes; Fastify runs this hook before it closes the server. */
function closeAfterLastAnswer(app: FastifyInstance, repository: ProductRepository): void {
  app.addHook('onClose', async () => {
    if (app.server.listening) app.server.once('close', () => void repository.close());
    else await repository.close();
  });
}
