import { databaseUrl } from '../database-url.ts';
import { dataVolumeName, decimal, pem, whole } from '../setting-kinds.ts';
import { key, memory } from './key.ts';

/** Postgres, ours or a managed one. */
export const databaseKeys = {
  databaseUrl: key(
    databaseUrl(),
    undefined,
    'a managed Postgres instead of ours; must be a secret, and is verified by TLS: docs/managed-postgres.md',
    'rolls product-api; our Postgres goes, its data stays',
  ),
  databaseOwnerUrl: key(
    databaseUrl(),
    undefined,
    'the same database as the role that owns it, for migrations alone; else the role of databaseUrl does both',
    'runs the migration job',
  ),
  databaseCa: key(
    pem('CERTIFICATE', './database-ca.pem'),
    undefined,
    'certificate that vouches for the managed Postgres; else one that Node.js trusts must',
    'rolls product-api',
  ),
  databaseMemory: key(memory(512), 512, 'memory limit of Postgres, MiB', 'restarts Postgres'),
  databaseCpus: key(decimal(0.05, 64, 1), 2, 'CPU limit of Postgres', 'restarts Postgres'),
  databasePoolSize: key(
    whole(1, 200, 6),
    6,
    'connections of one product-api to Postgres',
    'rolls product-api',
  ),
  databasePasswordVersion: key(
    whole(1, 999_999, 2),
    1,
    "counts the application's passwords; one more makes a new one",
    'changes the password of the running database',
  ),
  databaseMaxConnections: key(
    whole(10, 2000, 300),
    300,
    'connections that Postgres accepts, ours or the managed one',
    'restarts Postgres',
  ),
  databaseVolume: key(
    dataVolumeName(),
    'database-data',
    'volume that Postgres keeps its data in; npm run restore changes it',
    'restarts Postgres on other data',
  ),
} as const;
