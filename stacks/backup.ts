import { databaseEnv, dataFolder } from './database.ts';
import { service } from './service.ts';
import type { Settings } from './settings.ts';
import { tmpfs } from './tmpfs.ts';
import type { DataVolume, FileEntry, Link, Password, Service } from './topology.ts';

/** The volume that backups are kept in. */
export const backupsVolume = 'backups';

/** The volume that everything Postgres writes is kept in, where the stack can go back in time; the service has the same name. */
export const archiveVolume = 'wal-archive';

const archivePassword = 'database-archive-password';
const passwordName = 'database-backup-password';
const files = '/etc/product-stack';

/** The reader of the database that makes backups, where the stack wants any; see database/backup/. */
export function backup(settings: Settings): Service[] {
  const schedule = settings['backup.schedule'];
  if (schedule === undefined) return [];
  const folder = dataFolder(settings.postgresImage);
  return [
    service('backup', {
      image: settings.postgresImage,
      command: ['bash', `${files}/backup/run.sh`],
      env: {
        BACKUPS: folder,
        KEEP: rules(settings),
        SCHEDULE: schedule,
        ...connection('product_backup', passwordName),
      },
      user: '999:999',
      tmpfs: tmpfs(16),
      volumes: [{ volume: backupsVolume, target: folder }],
      files: { target: files, entries: entries(settings) },
      secrets: [passwordName],
      memoryMiB: 256,
      after: ['database'],
      // Alive is a loop that goes round; that a backup failed is for the metrics and `npm run backups`, and must not hold up a release.
      healthy: 'test -n "$(find /tmp/alive -mmin -2)"',
    }),
  ];
}

/** The reader of Postgres' write-ahead log, where the stack can go back to any second; see database/archive/. */
export function walArchive(settings: Settings): Service[] {
  if (!isPointInTime(settings)) return [];
  const folder = dataFolder(settings.postgresImage);
  const env = {
    ARCHIVE: folder,
    BASE_HOURS: '24',
    KEEP_DAYS: String(settings['backup.pointInTimeDays']),
    LINEAGE: settings.databaseVolume,
  };
  return [
    service(archiveVolume, {
      image: settings.postgresImage,
      command: ['bash', `${files}/archive/run.sh`],
      env: { ...env, ...connection('product_archive', archivePassword) },
      user: '999:999',
      tmpfs: tmpfs(16),
      volumes: [{ volume: archiveVolume, target: folder }],
      files: { target: files, entries: [{ path: 'archive', source: 'database/archive' }] },
      secrets: [archivePassword],
      after: ['database'],
      healthy: 'kill -0 "$(cat /tmp/receiver)"',
    }),
  ];
}

/** The passwords of what reads the database for backups. */
export function backupPasswords(settings: Settings): Password[] {
  return parts(settings).map(({ password }) => ({ name: password, length: 32 }));
}

/** Whom they ask. */
export function backupLinks(settings: Settings): Link[] {
  return parts(settings).map(({ name }) => ({ from: name, to: 'database' }));
}

/** Where the backups are; they outlive the stack and its data. */
export function backupVolumes(settings: Settings): DataVolume[] {
  return parts(settings).map(({ volume }) => ({ name: volume }));
}

/** Whether the stack can go back to any second. */
export function isPointInTime(settings: Settings): boolean {
  return settings['backup.schedule'] !== undefined && settings['backup.pointInTime'];
}

function parts(settings: Settings) {
  const dumps = { name: 'backup', password: passwordName, volume: backupsVolume };
  const archive = { name: archiveVolume, password: archivePassword, volume: archiveVolume };
  if (settings['backup.schedule'] === undefined) return [];
  return isPointInTime(settings) ? [dumps, archive] : [dumps];
}

function rules(settings: Settings): string {
  const { 'backup.keepLast': last, 'backup.keepDaily': daily } = settings;
  return [last, daily, settings['backup.keepWeekly'], settings['backup.keepMonthly']].join(' ');
}

function entries(settings: Settings): FileEntry[] {
  const recipient = settings['backup.encryptTo'];
  return [
    { path: 'backup', source: 'database/backup' },
    ...(recipient === undefined ? [] : [{ path: 'recipient.pem', content: recipient }]),
  ];
}

/** As libpq reads it. */
function connection(user: string, password: string): Record<string, string> {
  const of = databaseEnv(user, password);
  return {
    PGDATABASE: of['DATABASE_NAME']!,
    PGHOST: of['DATABASE_HOST']!,
    PGPASSWORD_FILE: of['DATABASE_PASSWORD_FILE']!,
    PGUSER: of['DATABASE_USER']!,
  };
}
