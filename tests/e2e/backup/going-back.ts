import { expect } from 'chai';
import { sleep } from '../support/fault.ts';
import { Load } from '../support/load.ts';
import { eventually } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';

/** A minute of writing, a table dropped by mistake, and back. @param meanwhile tests for that minute: they must let users write. */
export function goingBack(stack: BackupStack, meanwhile: () => void): void {
  let load: Load;
  let begun = 0;
  const aCopy = () =>
    eventually(60, 'a copy of the whole', () =>
      stack.inside('wal-archive', 'sh', '-c', 'ls -d $ARCHIVE/$LINEAGE/base/*'),
    );
  after(() => load?.stop());

  it('keep all that is written from when that is wanted', async () => {
    const id = await stack.replicas('product-api');
    await stack.failsAndChangesNothing(
      () => stack.back('2026-01-01T00:00:00Z'),
      'Run: pulumi config set backup.pointInTime true',
    );
    await stack.configure({ 'backup.pointInTime': 'true' });
    await stack.upOk();
    expect(await stack.replicas('product-api'), 'nothing else is restarted').to.deep.equal(id);
    await aCopy();
    load = new Load(stack.url).start();
    begun = Date.now();
  });

  meanwhile();

  it('go back to the second before a mistake, after a minute of writing', async () => {
    await sleep(Math.max(0, begun + 60_000 - Date.now()));
    const { endings, acknowledged } = await load.stop();
    expect(endings, 'no request was lost').to.deep.equal({});
    expect(acknowledged.length).to.be.greaterThan(500);
    const good = await stack.checksum();
    await sleep(1000);
    const time = await stack.sql('SELECT now()');
    await sleep(1000);
    await stack.sql('DROP TABLE product');
    const { code, output } = await stack.back(`${time.replace(' ', 'T')}:00`);
    expect(code, output).to.equal(0);
    expect(await stack.checksum()).to.equal(good);
    expect(await stack.testProducts()).to.include.members([...acknowledged]);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
    await aCopy();
    await stack.failsAndChangesNothing(
      () => stack.back('2026-01-01T00:00:00Z'),
      'nothing is kept to go back to 2026-01-01',
    );
    await stack.pulumiOk('config', 'rm', 'backup.pointInTime');
  });
}
