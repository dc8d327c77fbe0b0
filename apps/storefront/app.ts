import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import { createServer } from '../kit/server.ts';
import type { ProductApi } from './api-client.ts';
import { assetRoutes } from './assets.ts';
import { browsing } from './browsing.ts';
import { creating } from './creating.ts';
import { deleting } from './deleting.ts';
import { editing } from './editing.ts';
import { refuseOtherSites } from './other-sites.ts';
import { answerError, answerTrouble } from './trouble.ts';

/** What the storefront is built from. */
export interface StorefrontOptions {
  readonly api: ProductApi;
  /** Shown at /healthz. */
  readonly release: string;
  /** Default: no log. */
  readonly logger?: FastifyServerOptions['logger'];
}

/** The storefront, not yet listening. */
export async function createStorefront(options: StorefrontOptions): Promise<FastifyInstance> {
  const { api, release, logger = false } = options;
  const app = createServer({ logger, frameworkErrors: answerError });
  app.removeAllContentTypeParsers();
  await app.register(formbody);
  app.addHook('onRequest', refuseOtherSites);
  answerTrouble(app);
  await app.register(assetRoutes);
  for (const pages of [browsing, creating, editing, deleting]) await app.register(pages, { api });
  app.get('/healthz', () => ({ status: 'ok', release }));
  // Says nothing of the API: without it, this still answers, with a page that says so.
  app.get('/readyz', () => ({ status: 'ok' }));
  return app;
}
