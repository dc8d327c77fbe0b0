import { bucketName, folderInBucket, httpsAddress, regionName, secretKey } from '../bucket-kinds.ts';
import { cronSchedule, flag, hostFolder, imageReference, pem, whole } from '../setting-kinds.ts';
import { key } from './key.ts';

/** Backups and where they go. */
export const backupKeys = {
  'backup.schedule': key(
    cronSchedule(),
    undefined,
    'when backups are made: minute hour day month weekday, in UTC; else there are none',
    'adds or replaces backup',
  ),
  'backup.keepLast': key(
    whole(1, 1000, 7),
    7,
    'backups that are kept however old they are',
    'replaces backup',
  ),
  'backup.keepDaily': key(whole(0, 1000, 7), 7, 'days of which the newest backup is kept', 'replaces backup'),
  'backup.keepWeekly': key(
    whole(0, 1000, 4),
    4,
    'weeks of which the newest backup is kept',
    'replaces backup',
  ),
  'backup.keepMonthly': key(
    whole(0, 1000, 6),
    6,
    'months of which the newest backup is kept',
    'replaces backup',
  ),
  'backup.encryptTo': key(
    pem('CERTIFICATE', './backup-certificate.pem'),
    undefined,
    'certificate whose private key alone opens the backups; else they are not encrypted',
    'applies to the next backup',
  ),
  'backup.folder': key(
    hostFolder(),
    undefined,
    'folder of the host that backups are kept in, such as one of another disk; else a volume',
    'replaces backup',
  ),
  'backup.s3.endpoint': key(
    httpsAddress(),
    undefined,
    'S3-compatible storage that every backup is copied to as well, by https',
    'adds or replaces backup-upload',
  ),
  'backup.s3.bucket': key(bucketName(), undefined, 'bucket for them', 'adds or replaces backup-upload'),
  'backup.s3.prefix': key(
    folderInBucket(),
    undefined,
    "folder in the bucket; else the stack's name",
    'replaces backup-upload',
  ),
  'backup.s3.region': key(
    regionName(),
    'us-east-1',
    'region of the bucket; most storage that is not Amazon’s takes any',
    'replaces backup-upload',
  ),
  'backup.s3.accessKey': key(
    secretKey(),
    undefined,
    'who may put and read, and need not delete; a secret',
    'applies to the next upload',
  ),
  'backup.s3.secretKey': key(
    secretKey(),
    undefined,
    'the key that belongs to it; a secret',
    'applies to the next upload',
  ),
  'backup.s3.ca': key(
    pem('CERTIFICATE', './s3-ca.pem'),
    undefined,
    'certificate that vouches for the endpoint; else a public authority must',
    'replaces backup-upload',
  ),
  'backup.s3.image': key(
    imageReference(),
    'rclone/rclone:1.76.0',
    'image of what copies them',
    'replaces backup-upload',
  ),
  'backup.pointInTime': key(
    flag(),
    false,
    'keep all that Postgres writes as well: npm run restore -- --time goes back to any second',
    'adds wal-archive',
  ),
  'backup.pointInTimeDays': key(whole(1, 365, 7), 7, 'days for which that is kept', 'replaces wal-archive'),
} as const;
