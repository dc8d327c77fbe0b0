import { appsKeys } from './keys/apps.ts';
import { backupKeys } from './keys/backup.ts';
import { databaseKeys } from './keys/database.ts';
import { edgeKeys } from './keys/edge.ts';
import { metricsKeys } from './keys/metrics.ts';
import { platformKeys } from './keys/platform.ts';

export type { Key } from './keys/key.ts';

/** Every key of `pulumi config`, in the order of docs/settings.md. Nothing else knows them. */
export const keys = {
  ...appsKeys,
  ...edgeKeys,
  ...databaseKeys,
  ...backupKeys,
  ...metricsKeys,
  ...platformKeys,
} as const;

export type Keys = typeof keys;
export type KeyName = keyof Keys;
