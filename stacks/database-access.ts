import type { Settings } from './settings.ts';
import type { Link, Password, Workload } from './topology.ts';

/** What a workload needs to ask Postgres. */
export type DatabaseAccess = Pick<Workload, 'env' | 'secrets' | 'files' | 'egress'>;

const secret = 'database-password';
const folder = '/etc/product-stack';
const certificate = 'database-ca.pem';

/** Access to the stack's own Postgres. */
export function ownAccess(user: string, password: string): DatabaseAccess {
  return {
    env: databaseEnv({ host: 'database', port: 5432, name: 'product', user }, password),
    secrets: [password],
  };
}

/**
 * Access to a managed Postgres, undefined where the stack has its own. It is outside, so whoever asks it has a way out, which no other
 * service has.
 */
export function managedAccess({
  databaseUrl: database,
  databaseCa: ca,
}: Settings): DatabaseAccess | undefined {
  if (database === undefined) return undefined;
  return {
    env: {
      ...databaseEnv(database, secret),
      DATABASE_SSLMODE: database.sslmode,
      ...(ca && { DATABASE_CA_FILE: `${folder}/${certificate}` }),
    },
    secrets: [secret],
    ...(ca && { files: { target: folder, entries: [{ path: certificate, content: ca }] } }),
    egress: 'its Postgres is managed elsewhere',
  };
}

/** The password of a managed Postgres, which is the user's. */
export function managedPasswords({ databaseUrl }: Settings): Password[] {
  return databaseUrl
    ? [{ name: secret, length: databaseUrl.password.length, own: databaseUrl.password }]
    : [];
}

/** Links to the stack's own Postgres, where it has one. */
export function databaseLinks({ databaseUrl }: Settings, ...from: string[]): Link[] {
  return databaseUrl ? [] : from.map((name) => ({ from: name, to: 'database' }));
}

/** How a container finds a database; its password is in a file. */
export function databaseEnv(
  { host, port, name, user }: { host: string; port: number; name: string; user: string },
  passwordName: string,
): Record<string, string> {
  return {
    DATABASE_HOST: host,
    DATABASE_NAME: name,
    DATABASE_PASSWORD_FILE: `/run/secrets/${passwordName}`,
    DATABASE_PORT: String(port),
    DATABASE_USER: user,
  };
}
