import { expect } from 'chai';
import { sleep } from '../support/fault.ts';
import { Load } from '../support/load.ts';
import { eventually } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';
import { readAllTheTime } from './readers.ts';

/** What a restore brings back. */
export function restoring(stack: BackupStack): void {
  it('bring everything back after the data were destroyed', async () => {
    await stack.pulumiOk('destroy', '--yes', '--skip-preview');
    expect(await stack.npmOk('destroy-data', '--', stack.name, '--yes')).to.contain('its backups stay');
    await stack.upOk();
    expect(await stack.checksum()).not.to.equal(stack.backedUp.checksum);
    const reads = readAllTheTime(stack.url);
    const { code, output } = await stack.restore(stack.backedUp.name, '--key', 'private.pem');
    const { count, statuses } = await reads();
    expect(code, output).to.equal(0);
    expect(count).to.be.greaterThan(50);
    expect(statuses, 'under readers, who see a 503 at most').to.satisfy((all: number[]) =>
      all.every((status) => status === 200 || status === 503),
    );
    expect(await stack.checksum()).to.equal(stack.backedUp.checksum);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
  });

  it('of an older release get the migrations that they lack', async () => {
    await stack.sql(`DROP TABLE catalogue_mark; DELETE FROM schema_migration WHERE name LIKE '0003%'`);
    await stack.backup();
    const { code, output } = await stack.restore('latest', '--key', 'private.pem');
    expect(code, output).to.equal(0);
    expect(output).to.contain('0003-catalogue-mark.sql');
    expect(await stack.sql('SELECT count(*) FROM schema_migration')).to.equal('3');
  });

  it('go back to the second before a mistake, where all that was written is kept', async () => {
    const id = await stack.replicas('product-api');
    await stack.failsAndChangesNothing(
      () => stack.back('2026-01-01T00:00:00Z'),
      'Run: pulumi config set backup.pointInTime true',
    );
    await stack.configure({ 'backup.pointInTime': 'true' });
    await stack.upOk();
    expect(await stack.replicas('product-api'), 'nothing else is restarted').to.deep.equal(id);
    const archive = () => stack.inside('wal-archive', 'sh', '-c', 'ls -d $ARCHIVE/$LINEAGE/base/*');
    await eventually(60, 'a copy of the whole', archive);
    const load = new Load(stack.url).start();
    await sleep(10_000);
    const { endings } = await load.stop();
    expect(endings).to.deep.equal({});
    const good = await stack.checksum();
    await sleep(1000);
    const time = await stack.sql('SELECT now()');
    await sleep(1000);
    await stack.sql('DROP TABLE product');
    const { code, output } = await stack.back(`${time.replace(' ', 'T')}:00`);
    expect(code, output).to.equal(0);
    expect(await stack.checksum()).to.equal(good);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
    await eventually(60, 'a copy of the whole of what is now', archive);
    await stack.failsAndChangesNothing(
      () => stack.back('2026-01-01T00:00:00Z'),
      'nothing is kept to go back to 2026-01-01',
    );
    await stack.pulumiOk('config', 'rm', 'backup.pointInTime');
  });
}
