import type { ManagedDatabase } from './database-url.ts';
import { fingerprint } from './fingerprint.ts';
import type { Settings } from './settings.ts';
import type { Link, Password, Workload } from './topology.ts';

/** What a workload needs to ask Postgres. */
export type DatabaseAccess = Pick<Workload, 'env' | 'secrets' | 'files' | 'egress'>;

const folder = '/etc/product-stack';

/** Access to the stack's own Postgres. */
export function ownAccess(user: string, password: string): DatabaseAccess {
  return {
    env: databaseEnv({ host: 'database', port: 5432, name: 'product', user }, password),
    secrets: [password],
  };
}

/** Who asks a managed Postgres: the application, or the owner of the database, which migrates. */
type Role = 'app' | 'owner';

/**
 * Access to a managed Postgres, undefined where the stack has its own. It is outside, so whoever asks it has a way out, which no other
 * service has. Another password or certificate is another file, so that a release proves it first; what runs keeps the one it has.
 */
export function managedAccess(settings: Settings, role: Role): DatabaseAccess | undefined {
  const login = loginOf(settings, role);
  if (login === undefined) return undefined;
  const { databaseCa: ca } = settings;
  const certificate = ca && { path: `database-ca-${fingerprint(ca)}.pem`, content: ca };
  return {
    env: {
      ...databaseEnv(login.database, login.secret),
      DATABASE_SSLMODE: login.database.sslmode,
      ...(certificate && { DATABASE_CA_FILE: `${folder}/${certificate.path}` }),
    },
    secrets: [login.secret],
    ...(certificate && { files: { target: folder, entries: [certificate] } }),
    egress: 'its Postgres is managed elsewhere',
  };
}

/** The passwords of a managed Postgres, which are the user's. */
export function managedPasswords(settings: Settings): Password[] {
  const logins = (['app', 'owner'] as const).flatMap((role) => loginOf(settings, role) ?? []);
  const passwords = new Map(logins.map(({ secret, database }) => [secret, database.password]));
  return [...passwords].map(([name, own]) => ({ name, length: own.length, own }));
}

/** Without a URL of its own, the owner is the application's role. */
function loginOf(
  { databaseUrl: app, databaseOwnerUrl: owner }: Settings,
  role: Role,
): { database: ManagedDatabase; secret: string } | undefined {
  if (app === undefined) return undefined;
  const [database, name] = role === 'owner' && owner ? [owner, 'owner'] : [app, 'app'];
  return { database, secret: `database-${name}-password-${fingerprint(database.password)}` };
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
