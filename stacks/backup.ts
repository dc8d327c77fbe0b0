import { ownAccess } from './database-access.ts';
import { dataFolder } from './database.ts';
import { service } from './service.ts';
import type { Settings } from './settings.ts';
import type { DataVolume, FileEntry, Link, Password, Service } from './topology.ts';

/** The volume that backups are kept in. */
export const backupsVolume = 'backups';

/** The volume that everything Postgres writes is kept in, where the stack can go back in time; the service has the same name. */
export const archiveVolume = 'wal-archive';

/** A reader of the database with a volume of its own. */
interface Reader {
  readonly name: string;
  /** Its role in the database. */
  readonly user: string;
  readonly password: string;
  readonly volume: string;
}

const dumps: Reader = {
  name: 'backup',
  user: 'product_backup',
  password: 'database-backup-password',
  volume: backupsVolume,
};
const archive: Reader = {
  name: archiveVolume,
  user: 'product_archive',
  password: 'database-archive-password',
  volume: archiveVolume,
};

/** What reads the database for backups, where the stack wants any: dumps on schedule, and all that Postgres writes. */
export function backups(settings: Settings): Service[] {
  return readers(settings).map((one) => (one === archive ? walArchive(settings) : dumper(settings)));
}

/** Makes dumps; see database/backup/. */
function dumper(settings: Settings): Service {
  return reader(settings, dumps, 'backup', {
    env: {
      BACKUPS: dataFolder(settings.postgresImage),
      KEEP: rules(settings),
      ...(settings.metrics && { METRICS_STORE: 'metrics/8428' }),
      SCHEDULE: settings['backup.schedule']!,
    },
    files: recipient(settings),
    memoryMiB: 256,
    // Alive is a loop that goes round; that a backup failed is for the metrics and `npm run backups`, and must not hold up a release.
    healthy: 'test -n "$(find /tmp/alive -mmin -2)"',
  });
}

/** Receives the write-ahead log; see database/archive/. */
function walArchive(settings: Settings): Service {
  return reader(settings, archive, 'archive', {
    env: {
      ARCHIVE: dataFolder(settings.postgresImage),
      BASE_HOURS: '24',
      KEEP_DAYS: String(settings['backup.pointInTimeDays']),
      LINEAGE: settings.databaseVolume,
      ...(settings.metrics && { METRICS_STORE: 'metrics/8428' }),
    },
    files: [{ path: 'metrics.sh', source: 'database/backup/metrics.sh' }],
    healthy: 'kill -0 "$(cat /tmp/receiver)"',
  });
}

/** What both have in common: Postgres' own programs in its own image, run by the scripts of database/`folder`. */
function reader(
  { postgresImage }: Settings,
  { name, user, password, volume }: Reader,
  folder: string,
  own: { env: Record<string, string>; files?: FileEntry[]; memoryMiB?: number; healthy: string },
): Service {
  const target = '/etc/product-stack';
  return service(name, {
    ...own,
    image: postgresImage,
    command: ['bash', `${target}/${folder}/run.sh`],
    env: { ...own.env, ...connection(user, password) },
    user: '999:999',
    volumes: [{ volume, target: dataFolder(postgresImage) }],
    files: { target, entries: [{ path: folder, source: `database/${folder}` }, ...(own.files ?? [])] },
    secrets: [password],
    after: ['database'],
  });
}

/** The passwords of what reads the database for backups. */
export function backupPasswords(settings: Settings): Password[] {
  return readers(settings).map(({ password }) => ({ name: password, length: 32 }));
}

/** Whom they ask. */
export function backupLinks(settings: Settings): Link[] {
  return readers(settings).map(({ name }) => ({ from: name, to: 'database' }));
}

/** Where the backups are; they outlive the stack and its data. */
export function backupVolumes(settings: Settings): DataVolume[] {
  return readers(settings).map(({ volume }) => ({ name: volume }));
}

function readers(settings: Settings): Reader[] {
  if (settings['backup.schedule'] === undefined) return [];
  return settings['backup.pointInTime'] ? [dumps, archive] : [dumps];
}

function rules(settings: Settings): string {
  const { 'backup.keepLast': last, 'backup.keepDaily': daily } = settings;
  return [last, daily, settings['backup.keepWeekly'], settings['backup.keepMonthly']].join(' ');
}

/** Whom backups are encrypted to. */
function recipient({ 'backup.encryptTo': content }: Settings): FileEntry[] {
  return content === undefined ? [] : [{ path: 'recipient.pem', content }];
}

/** As libpq reads it. */
function connection(user: string, password: string): Record<string, string> {
  const { env: of } = ownAccess(user, password);
  return {
    PGDATABASE: of['DATABASE_NAME']!,
    PGHOST: of['DATABASE_HOST']!,
    PGPASSWORD_FILE: of['DATABASE_PASSWORD_FILE']!,
    PGUSER: of['DATABASE_USER']!,
  };
}
