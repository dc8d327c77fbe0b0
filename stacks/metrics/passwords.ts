import type { Settings } from '../settings.ts';
import type { Password } from '../topology.ts';

/** By which the reader of Postgres' statistics gets in. */
export const databasePassword = 'database-metrics-password';

/** What the store asks before it deletes, copies or tells its flags; nobody is given it. */
export const storeKey = 'metrics-admin-key';

/** The database's password for its metrics, where the stack has any. */
export function metricsPasswords({ metrics }: Pick<Settings, 'metrics'>): Password[] {
  return metrics ? [{ name: databasePassword, length: 32 }] : [];
}
