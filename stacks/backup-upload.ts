import { backupsAt, backupUser } from './backup.ts';
import { service } from './service.ts';
import type { Settings } from './settings.ts';
import type { FileEntry, Password, Service } from './topology.ts';

/** What copies backups to a bucket is called. */
export const uploadName = 'backup-upload';

const accessKey = 'backup-s3-access-key';
const secretKey = 'backup-s3-secret-key';
const files = '/etc/product-stack';
const backups = '/backups';

/** Whether backups are copied to a bucket as well. */
export function uploads(settings: Pick<Settings, 'backup.s3.bucket'>): boolean {
  return settings['backup.s3.bucket'] !== undefined;
}

/**
 * Copies every backup to a bucket, see database/upload/. It may read the backups and go out, and knows nothing of the database; what
 * makes them can go nowhere.
 */
export function backupUpload(settings: Settings): Service[] {
  if (!uploads(settings)) return [];
  return [
    service(uploadName, {
      ...backupsAt(settings, backups, true),
      image: settings['backup.s3.image'],
      entrypoint: ['sh', `${files}/upload/run.sh`],
      env: {
        ...bucket(settings),
        ACCESS_KEY_FILE: `/run/secrets/${accessKey}`,
        BACKUPS: backups,
        SECRET_KEY_FILE: `/run/secrets/${secretKey}`,
        ...(settings.metrics && { STORE_URL: 'http://metrics:8428' }),
      },
      user: backupUser,
      files: {
        target: files,
        entries: [{ path: 'upload', source: 'database/upload' }, ...authority(settings)],
      },
      secrets: [accessKey, secretKey],
      memoryMiB: 256,
      after: ['backup'],
      // Alive is a loop that goes round; a bucket that is away is for the alerts, and must not hold up a release.
      healthy: 'test -n "$(find /tmp/alive -mmin -2)"',
      egress: 'the bucket is elsewhere',
    }),
  ];
}

/** As rclone reads it: a remote of the name `bucket`. It need not ask whether the bucket is there, for which keys may not be good. */
function bucket(settings: Settings): Record<string, string> {
  const { 'backup.s3.prefix': prefix = settings.stack, 'backup.s3.ca': ca } = settings;
  return {
    BUCKET: `bucket:${settings['backup.s3.bucket']}/${prefix}`,
    ...(ca !== undefined && { RCLONE_CA_CERT: `${files}/s3-ca.pem` }),
    RCLONE_CONFIG_BUCKET_ENDPOINT: settings['backup.s3.endpoint']!,
    RCLONE_CONFIG_BUCKET_NO_CHECK_BUCKET: 'true',
    RCLONE_CONFIG_BUCKET_PROVIDER: 'Other',
    RCLONE_CONFIG_BUCKET_REGION: settings['backup.s3.region'],
    RCLONE_CONFIG_BUCKET_TYPE: 's3',
  };
}

/** Who vouches for the endpoint, where no public authority does. */
function authority({ 'backup.s3.ca': content }: Settings): FileEntry[] {
  return content === undefined ? [] : [{ path: 's3-ca.pem', content }];
}

/** The keys of the bucket, which are the user's. */
export function uploadPasswords(settings: Settings): Password[] {
  if (!uploads(settings)) return [];
  const { 'backup.s3.accessKey': access, 'backup.s3.secretKey': secret } = settings;
  return [
    { name: accessKey, length: access!.length, own: access! },
    { name: secretKey, length: secret!.length, own: secret! },
  ];
}
