import { tlsOf, tlsVariables } from '../kit/database-tls.ts';
import { readEnvironment, text, whole } from '../kit/environment.ts';
import { startOrFail } from '../kit/start.ts';
import { migrate } from './migrate.ts';

await startOrFail(async () => {
  const env = readEnvironment({
    DATABASE_HOST: text(),
    DATABASE_PORT: whole(1, 65535, 5432),
    DATABASE_NAME: text(),
    DATABASE_USER: text(),
    DATABASE_PASSWORD_FILE: text(),
    ...tlsVariables,
    DATABASE_APP_ROLE: text(),
    CATALOGUE_SIZE: whole(0, 1_000_000, 0),
  });
  const done = await migrate({
    host: env.DATABASE_HOST,
    port: env.DATABASE_PORT,
    database: env.DATABASE_NAME,
    user: env.DATABASE_USER,
    passwordFile: env.DATABASE_PASSWORD_FILE,
    tls: tlsOf(env),
    appRole: env.DATABASE_APP_ROLE,
    catalogueSize: env.CATALOGUE_SIZE,
  });
  console.log(done.join('\n') || 'nothing to do');
});
