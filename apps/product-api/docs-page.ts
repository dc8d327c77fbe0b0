import swagger, { type StaticDocumentSpec } from '@fastify/swagger';
import Fastify, { LogController, type FastifyInstance } from 'fastify';
import { answerProblems } from '../kit/problem.ts';

/** Where people read what the API does. */
const path = '/api/docs';

/**
 * The page at /api/docs, an application of its own that is made when somebody asks for it: what it needs is a tenth of the CPU of a
 * start, and few replicas are ever asked.
 */
export function showDocs(app: FastifyInstance): void {
  let page: Promise<FastifyInstance> | undefined;
  for (const url of [path, `${path}/*`])
    app.get(url, { schema: { hide: true } }, async ({ url, headers }, reply) => {
      page ??= createPage(app).catch((error: unknown) => {
        page = undefined;
        throw error;
      });
      const { statusCode, headers: told, rawPayload } = await (await page).inject({ url, headers });
      // These are the API's to say.
      delete told.connection;
      delete told.date;
      // Nothing is sent as nothing; of no bytes, Fastify would say that they are binary.
      return reply
        .code(statusCode)
        .headers(told)
        .send(rawPayload.length > 0 ? rawPayload : undefined);
    });
}

async function createPage(api: FastifyInstance): Promise<FastifyInstance> {
  const { default: swaggerUi } = await import('@fastify/swagger-ui');
  const page = Fastify({
    loggerInstance: api.log,
    logController: new LogController({ disableRequestLogging: true }),
  }) as unknown as FastifyInstance;
  answerProblems(page);
  const specification = { document: api.swagger() } as StaticDocumentSpec;
  await page.register(swagger, { mode: 'static', specification });
  await page.register(swaggerUi, {
    routePrefix: path,
    // The page's own styles and icons are inline; nothing comes from elsewhere.
    staticCSP: "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
    theme: { title: 'ProductAPI' },
    uiConfig: { url: '/api/openapi.json' },
  });
  return page;
}
