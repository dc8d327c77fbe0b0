import { ownAccess } from './database-access.ts';
import { dataFolder } from './database.ts';
import { service } from './service.ts';
import type { Settings } from './settings.ts';
import type { DataVolume, FileEntry, Link, Password, Service, Workload } from './topology.ts';

/** The volume that backups are kept in. */
export const backupsVolume = 'backups';

/** The volume that everything Postgres writes is kept in, where the stack can go back in time; the service has the same name. */
export const archiveVolume = 'wal-archive';

/** Whom they belong to: the user of Postgres' image. */
export const backupUser = '999:999';

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
  const target = dataFolder(settings.postgresImage);
  return reader(settings, dumps, 'backup', {
    ...backupsAt(settings, target, false),
    env: {
      BACKUPS: target,
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
  const target = dataFolder(settings.postgresImage);
  return reader(settings, archive, 'archive', {
    volumes: [{ volume: archive.volume, target }],
    env: {
      ARCHIVE: target,
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
  { name, user, password }: Reader,
  folder: string,
  own: Partial<Pick<Workload, 'binds' | 'exceptions' | 'memoryMiB'>> & {
    volumes: Workload['volumes'];
    env: Record<string, string>;
    files?: FileEntry[];
    healthy: string;
  },
): Service {
  const target = '/etc/product-stack';
  return service(name, {
    ...own,
    image: postgresImage,
    command: ['bash', `${target}/${folder}/run.sh`],
    env: { ...own.env, ...connection(user, password) },
    user: backupUser,
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

/** Where the backups are; they outlive the stack and its data. A folder of the host is no volume. */
export function backupVolumes(settings: Settings): DataVolume[] {
  const own = readers(settings).filter((one) => one !== dumps || settings['backup.folder'] === undefined);
  return own.map(({ volume }) => ({ name: volume }));
}

/** Backups in a container's folder `target`: those of the volume, or of the host's folder. */
export function backupsAt(
  { 'backup.folder': folder }: Settings,
  target: string,
  readOnly: boolean,
): Pick<Workload, 'volumes' | 'binds' | 'exceptions'> {
  if (folder === undefined)
    return { volumes: [{ volume: backupsVolume, target, ...(readOnly && { readOnly }) }] };
  return {
    volumes: [],
    binds: [{ source: folder, target, readOnly }],
    exceptions: [
      { what: `${readOnly ? 'reads' : 'writes to'} a folder of the host`, why: 'backup.folder says so' },
    ],
  };
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
