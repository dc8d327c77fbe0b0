import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { showDocs } from './docs-page.ts';

/** OpenAPI 3.1 at /api/openapi.json, and the same to read at /api/docs. Register before the routes. */
export async function describeApi(app: FastifyInstance, release: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'ProductAPI',
        description: 'Products: list, search, read, create, update, delete.',
        version: release,
      },
      servers: [{ url: '/' }],
    },
    refResolver: {
      buildLocalReference: (json, _baseUri, _fragment, index) =>
        (json['$id'] as string | undefined) ?? `schema-${index}`,
    },
  });
  showDocs(app);
  app.get('/api/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
