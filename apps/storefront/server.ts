import { readEnvironment, text, whole, type Variable } from '../kit/environment.ts';
import { logging } from '../kit/logging.ts';
import { serve } from '../kit/serve.ts';
import { startOrFail } from '../kit/start.ts';
import { createStorefront } from './app.ts';
import { HttpProductApi } from './http-api-client.ts';

const apiUrl: Variable<string> = {
  fallback: undefined,
  expects: 'an http address such as http://gateway:8080',
  parse: (value) => (/^https?:\/\//.test(value) && URL.canParse(value) ? value : undefined),
};

await startOrFail(async () => {
  const env = readEnvironment({
    HOST: text('0.0.0.0'),
    PORT: whole(1, 65535, 8080),
    METRICS_PORT: whole(0, 65535, 0),
    LOG_LEVEL: text('info'),
    RELEASE: text('unknown'),
    API_URL: apiUrl,
    API_TIMEOUT_MS: whole(50, 60_000, 5000),
  });

  const app = await createStorefront({
    api: new HttpProductApi({ baseUrl: env.API_URL, timeoutMs: env.API_TIMEOUT_MS }),
    release: env.RELEASE,
    logger: logging(env.LOG_LEVEL, env.RELEASE),
  });
  if (env.METRICS_PORT > 0) {
    const { showMetrics } = await import('../kit/metrics.ts');
    await showMetrics(app, { host: env.HOST, port: env.METRICS_PORT, release: env.RELEASE });
  }
  await serve(app, { host: env.HOST, port: env.PORT });
});
