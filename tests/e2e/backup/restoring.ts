import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Load } from '../support/load.ts';
import type { BackupStack } from './backup-stack.ts';

/** What a restore brings back. */
export function restoring(stack: BackupStack): void {
  it('bring everything back from the bucket after all here was destroyed, under load; and there is a way back', async () => {
    await stack.inside('backup', 'sh', '-c', 'rm $BACKUPS/*.dump $BACKUPS/*.json');
    await stack.pulumiOk('destroy', '--yes', '--skip-preview');
    expect(await stack.npmOk('destroy-data', '--', stack.name, '--yes')).to.contain('its backups stay');
    await stack.upOk();
    expect(await stack.checksum()).not.to.equal(stack.backedUp.checksum);
    const fresh = await stack.checksum();
    const load = new Load(stack.url).start();
    const { code, output } = await stack.restore(stack.backedUp.name, '--key', 'private.pem');
    const { endings, acknowledged } = await load.stop();
    expect(code, output).to.equal(0);
    expect(Object.keys(endings), 'users see a 503 at most').to.satisfy((all: string[]) =>
      all.every((ending) => / 503/.test(ending)),
    );
    const [, users] = /^(Test \w+-)/.exec(acknowledged[0]!)!;
    const rest = `name NOT LIKE '${users}%'`;
    expect(await stack.checksum(rest)).to.equal(stack.backedUp.checksum);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);

    const written = await stack.testProducts();
    const back = /the way back: {2}(.*)$/m.exec(output)![1]!;
    const went = await stack.run('bash', '-c', back);
    expect(went.code, went.output).to.equal(0);
    expect(await stack.checksum(rest), 'the volume from before is as it was').to.equal(fresh);
    expect(
      [...written, ...(await stack.testProducts())],
      'what users wrote is in the one or the other',
    ).to.include.members([...acknowledged]);
  });

  it('may be in a folder of the host, which must be theirs', async () => {
    const folder = join(stack.folder, 'kept');
    mkdirSync(folder);
    await stack.configure({ 'backup.folder': folder });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(`and backup writes there as 999:999. Run: sudo chown 999:999 '${folder}'`);
    // Whoever runs the tests need not be root.
    chmodSync(folder, 0o777);
    await stack.upOk();
    await stack.backup();
    const [newest] = await stack.list();
    const files = [`${newest!.name}.dump`, `${newest!.name}.json`, 'latest'];
    expect(readdirSync(folder)).to.include.members(files);
  });

  it('of an older release get the migrations that they lack', async () => {
    await stack.sql(`DROP TABLE catalogue_mark; DELETE FROM schema_migration WHERE name LIKE '0003%'`);
    await stack.backup();
    const { code, output } = await stack.restore('latest', '--key', 'private.pem');
    expect(code, output).to.equal(0);
    expect(output).to.contain('0003-catalogue-mark.sql');
    expect(await stack.sql('SELECT count(*) FROM schema_migration')).to.equal('3');
  });
}
