import { readEnvironment, text, whole } from '../kit/environment.ts';
import { tlsOf, tlsVariables } from '../kit/database-tls.ts';
import { logging } from '../kit/logging.ts';
import { serve } from '../kit/serve.ts';
import { startOrFail } from '../kit/start.ts';
import { createApi } from './app.ts';
import { Database } from './database.ts';
import { poolFigures } from './pool-figures.ts';
import { PostgresRepository } from './postgres-repository.ts';

await startOrFail(async () => {
  const env = readEnvironment({
    HOST: text('0.0.0.0'),
    PORT: whole(1, 65535, 8080),
    METRICS_PORT: whole(0, 65535, 0),
    LOG_LEVEL: text('info'),
    RELEASE: text('unknown'),
    DATABASE_HOST: text(),
    DATABASE_PORT: whole(1, 65535, 5432),
    DATABASE_NAME: text(),
    DATABASE_USER: text(),
    DATABASE_PASSWORD_FILE: text(),
    DATABASE_PREVIOUS_PASSWORD_FILE: text(''),
    ...tlsVariables,
    DATABASE_POOL_SIZE: whole(1, 200, 6),
    DATABASE_SILENCE_MS: whole(50, 60_000, 900),
    DATABASE_READ_MS: whole(50, 60_000, 2700),
    DATABASE_WRITE_MS: whole(50, 60_000, 4000),
  });

  const database = new Database({
    host: env.DATABASE_HOST,
    port: env.DATABASE_PORT,
    database: env.DATABASE_NAME,
    user: env.DATABASE_USER,
    passwordFiles: [env.DATABASE_PASSWORD_FILE, env.DATABASE_PREVIOUS_PASSWORD_FILE].filter(Boolean),
    tls: tlsOf(env),
    poolSize: env.DATABASE_POOL_SIZE,
    silenceMs: env.DATABASE_SILENCE_MS,
    readMs: env.DATABASE_READ_MS,
    writeMs: env.DATABASE_WRITE_MS,
  });

  const app = await createApi({
    repository: new PostgresRepository(database),
    release: env.RELEASE,
    logger: logging(env.LOG_LEVEL, env.RELEASE),
  });
  if (env.METRICS_PORT > 0) {
    const { showMetrics } = await import('../kit/metrics.ts');
    const figures = poolFigures(database);
    await showMetrics(app, { host: env.HOST, port: env.METRICS_PORT, release: env.RELEASE, figures });
  }
  await serve(app, { host: env.HOST, port: env.PORT });
});
