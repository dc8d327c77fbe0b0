import type { Settings } from '../settings.ts';
import type { Password } from '../topology.ts';

/** By which the reader of Postgres' statistics gets in. */
export const databasePassword = 'database-metrics-password';

/** What the store asks before it deletes, copies or tells its flags; nobody is given it. */
export const storeKey = 'metrics-admin-key';

/** Whether the metrics have the database's. A managed one shows its own: what may read them is its provider's to say. */
export function seesDatabase({ metrics, databaseUrl }: Pick<Settings, 'metrics' | 'databaseUrl'>): boolean {
  return metrics && databaseUrl === undefined;
}

/** The database's password for its metrics, where they have any. */
export function metricsPasswords(settings: Pick<Settings, 'metrics' | 'databaseUrl'>): Password[] {
  return seesDatabase(settings) ? [{ name: databasePassword, length: 32 }] : [];
}
