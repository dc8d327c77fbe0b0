import { scryptSync } from 'node:crypto';
import type { ManagedDatabase } from './database-url.ts';
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

/**
 * Access to a managed Postgres, undefined where the stack has its own. It is outside, so whoever asks it has a way out, which no other
 * service has. Another password or certificate is another file, so that a release proves it first; what runs keeps the one it has.
 */
export function managedAccess({
  databaseUrl: database,
  databaseCa: ca,
}: Settings): DatabaseAccess | undefined {
  if (database === undefined) return undefined;
  const certificate = ca && { path: `database-ca-${fingerprint(ca)}.pem`, content: ca };
  return {
    env: {
      ...databaseEnv(database, secretOf(database)),
      DATABASE_SSLMODE: database.sslmode,
      ...(certificate && { DATABASE_CA_FILE: `${folder}/${certificate.path}` }),
    },
    secrets: [secretOf(database)],
    ...(certificate && { files: { target: folder, entries: [certificate] } }),
    egress: 'its Postgres is managed elsewhere',
  };
}

/** The password of a managed Postgres, which is the user's. */
export function managedPasswords({ databaseUrl: database }: Settings): Password[] {
  if (database === undefined) return [];
  return [{ name: secretOf(database), length: database.password.length, own: database.password }];
}

function secretOf({ password }: ManagedDatabase): string {
  return `database-password-${fingerprint(password)}`;
}

/** Four digits that differ where texts do. Slow to make, and too short to find a text by. */
function fingerprint(text: string): string {
  return scryptSync(text, 'product-stack', 2).toString('hex');
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
