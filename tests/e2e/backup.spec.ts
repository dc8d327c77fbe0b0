import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newPair } from '../support/certificates.ts';
import { BackupStack } from './backup/backup-stack.ts';
import { byItself, fullArchive } from './backup/by-itself.ts';
import { ending, endingUpgrades } from './backup/ending.ts';
import { fullDisk } from './backup/full-disk.ts';
import { goingBack } from './backup/going-back.ts';
import { making } from './backup/making.ts';
import { refusing } from './backup/refusing.ts';
import { restoring } from './backup/restoring.ts';
import { upgrading } from './backup/upgrading.ts';
import { uploading } from './backup/uploading.ts';
import { StorageContainer } from './support/storage-container.ts';

describe('backups', function () {
  this.timeout(600_000);
  const stack = new BackupStack('backup');
  const storage = new StorageContainer('storage');
  const { certificate, key } = newPair('backups');

  before(async () => {
    writeFileSync(join(stack.folder, 'recipient.pem'), certificate);
    writeFileSync(join(stack.folder, 'private.pem'), key);
    writeFileSync(join(stack.folder, 'other.pem'), newPair('other').key);
    writeFileSync(join(stack.folder, 's3-ca.pem'), await storage.create('first-secret'));
    await stack.init({
      replicas: '1',
      storefrontReplicas: '1',
      catalogueSize: '500',
      postgresImage: 'postgres:17-trixie',
      'backup.schedule': '* * * * *',
      // More than this takes minutes: the one that is restored must not be pruned meanwhile.
      'backup.keepLast': '60',
      'backup.encryptTo': './recipient.pem',
      'backup.s3.endpoint': storage.endpoint,
      'backup.s3.bucket': storage.bucket,
      'backup.s3.ca': './s3-ca.pem',
    });
    await stack.secret({
      'backup.s3.accessKey': storage.accessKey,
      'backup.s3.secretKey': 'first-secret',
    });
    await stack.upOk();
  });
  after(async () => {
    await stack.dispose();
    await storage.remove();
  });

  making(stack);
  byItself(stack);
  uploading(stack, storage);
  refusing(stack);
  goingBack(stack, () => {
    ending(stack);
    fullDisk(stack);
    fullArchive(stack);
  });
  restoring(stack);
  upgrading(stack);
  endingUpgrades(stack);
});
