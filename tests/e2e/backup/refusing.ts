import type { BackupStack } from './backup-stack.ts';

/** What a restore does not take; nothing has changed then. */
export function refusing(stack: BackupStack): void {
  it('that are encrypted need their key, and no other', async () => {
    await stack.failsAndChangesNothing(
      () => stack.restore(stack.backedUp.name),
      'is encrypted. Add --key FILE',
    );
    await stack.failsAndChangesNothing(
      () => stack.restore(stack.backedUp.name, '--key', 'other.pem'),
      'pg_restore',
    );
    await stack.failsAndChangesNothing(
      () => stack.restore(stack.backedUp.name, '--key', 'nothing.pem'),
      'no such file',
    );
  });

  it('that are damaged are refused, and so is one that there is not', async () => {
    const file = `$BACKUPS/${stack.backedUp.name}.dump`;
    await stack.inside('backup', 'sh', '-c', `mv ${file} ${file}.good && head -c 5000 ${file}.good >${file}`);
    await stack.failsAndChangesNothing(
      () => stack.restore(stack.backedUp.name, '--key', 'private.pem'),
      'its checksum differs',
    );
    await stack.inside('backup', 'sh', '-c', `mv ${file}.good ${file}`);
    await stack.failsAndChangesNothing(
      () => stack.restore('2020-01-01T00-00-00Z'),
      `${stack.name} has no backup 2020-01-01T00-00-00Z`,
    );
  });
}
