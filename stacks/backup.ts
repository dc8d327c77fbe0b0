import { databaseEnv, dataFolder } from './database.ts';
import { service } from './service.ts';
import type { Settings } from './settings.ts';
import { tmpfs } from './tmpfs.ts';
import type { DataVolume, FileEntry, Link, Password, Service } from './topology.ts';

/** The volume that backups are kept in. */
export const backupsVolume = 'backups';

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
      env: { BACKUPS: folder, KEEP: rules(settings), SCHEDULE: schedule, ...connection() },
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

/** Its password. */
export function backupPasswords(settings: Settings): Password[] {
  return isOn(settings) ? [{ name: passwordName, length: 32 }] : [];
}

/** Whom it asks. */
export function backupLinks(settings: Settings): Link[] {
  return isOn(settings) ? [{ from: 'backup', to: 'database' }] : [];
}

/** Where the backups are; they outlive the stack and its data. */
export function backupVolumes(settings: Settings): DataVolume[] {
  return isOn(settings) ? [{ name: backupsVolume }] : [];
}

function isOn(settings: Settings): boolean {
  return settings['backup.schedule'] !== undefined;
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
function connection(): Record<string, string> {
  const of = databaseEnv('product_backup', passwordName);
  return {
    PGDATABASE: of['DATABASE_NAME']!,
    PGHOST: of['DATABASE_HOST']!,
    PGPASSWORD_FILE: of['DATABASE_PASSWORD_FILE']!,
    PGUSER: of['DATABASE_USER']!,
  };
}
