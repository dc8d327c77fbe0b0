import { expect } from 'chai';
import type { StorageContainer } from '../support/storage-container.ts';
import { docker, eventually, run } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';

/** Backups that leave the machine, and what keeps them from it. */
export function uploading(stack: BackupStack, storage: StorageContainer): void {
  const list = () => stack.npmOk('backups', '--', '--stack', stack.name);
  const allThere = async () => (await stack.list()).every(({ uploaded }) => uploaded);
  const logs = async () =>
    (await run('docker', ['logs', (await stack.replicas('backup-upload'))[0]!])).output;

  it('are copied to a bucket, byte by byte', async () => {
    await eventually(40, 'all are in the bucket', allThere);
    const there = (await stack.list()).filter(({ uploaded }) => uploaded);
    expect(there.map(({ name }) => name)).to.include(stack.backedUp.name);
    for (const { name, sha256 } of there)
      expect(await storage.sha256(`${stack.name}/${name}.dump`), name).to.equal(sha256);
    expect(await list())
      .to.match(/^name .* in bucket /m)
      .and.to.match(/^in the bucket: \d+, the newest \d+ (s|min) old$/m);
  });

  it('are copied by what can neither change them nor reach the database', async () => {
    const inside = (command: string) => stack.inside('backup-upload', 'sh', '-c', `${command} 2>&1 || true`);
    expect(await inside('touch /backups/own')).to.contain('Read-only file system');
    expect(await inside('nc -w 1 database 5432')).to.match(/bad address|resolve|not known/i);
    const inspected = await docker('inspect', ...(await stack.containers()).map(({ id }) => id));
    expect(inspected).to.contain('backup-s3-access-key');
    expect(inspected).not.to.contain('first-secret').and.not.to.contain(storage.accessKey);
  });

  it('wait while the storage is away or refuses the key, and come when that is mended', async () => {
    await storage.stop();
    await stack.backup();
    const metrics = () => stack.inside('backup-upload', 'cat', '/tmp/metrics.prom');
    await eventually(30, 'it is said', async () => /upload_failed 1/.test(await metrics()));
    expect(await metrics())
      .to.match(/^product_backup_upload_waiting [1-9]$/m)
      .and.to.match(/^product_backup_upload_waiting_since_timestamp_seconds \d{10}$/m);
    expect(await list())
      .to.match(/ not yet /)
      .and.to.match(/: .*connect.*refused$/m);
    await storage.start('second-secret');
    await eventually(60, 'the key is refused', async () => (await logs()).includes('SignatureDoesNotMatch'));
    expect(await logs()).to.match(/^backup-upload: the bucket cannot be read: .*\. Next try in \d+ s$/m);
    const [upload] = await stack.replicas('backup-upload');
    await stack.secret({ 'backup.s3.secretKey': 'second-secret' });
    await stack.upOk();
    await eventually(30, 'all are in the bucket', allThere);
    expect(await stack.replicas('backup-upload'), 'a new key needs no new container').to.deep.equal([upload]);
    expect(await metrics())
      .to.match(/^product_backup_upload_failed 0$/m)
      .and.to.match(/_waiting 0$/m);
  });
}
