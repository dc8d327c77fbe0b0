import { readEnvironment, text, whole } from '../kit/environment.ts';
import { logging } from '../kit/server.ts';
import { serve } from '../kit/serve.ts';
import { startOrFail } from '../kit/start.ts';
import { HttpProductApi } from './api-client.ts';
import { createStorefront } from './app.ts';

await startOrFail(async () => {
  const env = readEnvironment({
    HOST: text('0.0.0.0'),
    PORT: whole(1, 65535, 8080),
    LOG_LEVEL: text('info'),
    RELEASE: text('unknown'),
    API_URL: text(),
    API_TIMEOUT_MS: whole(50, 60_000, 2500),
  });

  const app = await createStorefront({
    api: new HttpProductApi({ baseUrl: env.API_URL, timeoutMs: env.API_TIMEOUT_MS }),
    release: env.RELEASE,
    logger: logging(env.LOG_LEVEL, env.RELEASE),
  });
  await serve(app, { host: env.HOST, port: env.PORT });
});
