import { backupPasswords } from './backup.ts';
import { metricsPasswords } from './metrics/passwords.ts';
import { postgresHealth } from './health.ts';
import type { Settings } from './settings.ts';
import { tmpfs } from './tmpfs.ts';
import type { Service } from './topology.ts';

/** Postgres on a volume of its own; its roles get their passwords at every start (database/serve.sh). */
export function database(settings: Settings): Service {
  return {
    name: 'database',
    image: { kind: 'pulled', reference: settings.postgresImage },
    command: ['bash', '/etc/product-stack/serve.sh', ...postgresOptions(settings)],
    env: {
      ...(settings.metrics && { METRICS_USER: 'product_metrics' }),
      POSTGRES_INITDB_ARGS: '--auth-local=peer --auth-host=scram-sha-256 --data-checksums',
      POSTGRES_PASSWORD_FILE: '/run/secrets/database-superuser-password',
    },
    user: '999:999',
    tmpfs: {
      ...tmpfs(16),
      '/var/run/postgresql': 'rw,noexec,nosuid,nodev,size=1m,mode=0755,uid=999,gid=999',
    },
    volumes: [{ volume: settings.databaseVolume, target: dataFolder(settings.postgresImage) }],
    files: {
      target: '/etc/product-stack',
      entries: [
        { path: 'pg_hba.conf', source: 'database/pg_hba.conf' },
        { path: 'roles.sql', source: 'database/roles.sql' },
        { path: 'serve.sh', source: 'database/serve.sh' },
      ],
    },
    secrets: [
      'database-app-password',
      ...backupPasswords(settings).map(({ name }) => name),
      ...metricsPasswords(settings).map(({ name }) => name),
      'database-owner-password',
      'database-superuser-password',
    ],
    memoryMiB: settings.databaseMemory,
    cpus: settings.databaseCpus,
    shmMiB: 128,
    after: [],
    replicas: 1,
    port: 5432,
    health: postgresHealth('product', 'product_app'),
    stopGraceSeconds: 60,
    rollout: { order: 'stop-first' },
    publish: [],
  };
}

/** Postgres options that follow from the settings; a quarter of the memory is its cache, as its manual advises. */
function postgresOptions(settings: Settings): string[] {
  const options = {
    hba_file: '/etc/product-stack/pg_hba.conf',
    max_connections: settings.databaseMaxConnections,
    shared_buffers: `${Math.max(16, Math.floor(settings.databaseMemory / 4))}MB`,
    password_encryption: 'scram-sha-256',
    log_min_duration_statement: '500ms',
    // What an archive that is away may hold back; beyond it there is a gap, and never a full disk. Also after it was turned off.
    max_slot_wal_keep_size: '2GB',
    ...(settings.metrics && { shared_preload_libraries: 'pg_stat_statements' }),
  };
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Where the image keeps data; a fresh volume there belongs to Postgres' user. Since 18 the official image keeps its data a level deeper and wants the parent mounted (docker-library/postgres#1259). */
export function dataFolder(reference: string): string {
  const major = Number(/:(\d+)/.exec(reference)?.[1] ?? 18);
  return major >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
}
