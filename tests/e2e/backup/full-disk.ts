import { expect } from 'chai';
import { freshVolumeName } from '../../../backups/fresh-volume.ts';
import { run } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';

/** A restore for which there is no room. */
export function fullDisk(stack: BackupStack): void {
  it('that are larger than the room on the disk are told so, and nothing has changed', async () => {
    // So that it is full in the middle of the data, and not before there are any.
    await stack.sql(
      `CREATE TABLE ballast AS SELECT n, md5(n::text) || md5((n + 1)::text) FROM generate_series(1, 600000) AS n`,
    );
    const [name] = /^\d{4}-\S+Z$/m.exec(await stack.backup())!;
    await stack.sql('DROP TABLE ballast');
    const before = await stack.volumes();
    await smallVolumes(stack);
    const { code, output } = await stack.restore(name, '--key', 'private.pem');
    await run('bash', ['-c', `docker volume rm $(docker volume ls -q -f label=${label(stack)}) >/dev/null`]);
    expect(code, output).to.equal(1);
    expect(output)
      .to.contain('bringing the data in')
      .and.match(/the disk of the engine is full.* Nothing was changed/);
    expect(await stack.volumes()).to.equal(before);
    expect(await stack.atWork()).to.deep.equal([]);
  });
}

const label = (stack: BackupStack) => `small-volume-of=${stack.name}`;

/** The volumes that a restore takes within the next minute, each as large as a fresh Postgres and a bit. */
async function smallVolumes(stack: BackupStack): Promise<void> {
  const options = '--opt type=tmpfs --opt device=tmpfs --opt o=size=100m,uid=999,gid=999,mode=0700';
  const lines = Array.from({ length: 60 }, (_, second) => {
    const name = `product-stack-${stack.name}-${freshVolumeName(new Date(Date.now() + 1000 * second))}`;
    return `docker volume create --label ${label(stack)} ${options} ${name} >/dev/null`;
  });
  const { code, output } = await run('bash', ['-ec', lines.join('\n')]);
  expect(code, output).to.equal(0);
}
