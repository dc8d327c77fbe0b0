import { expect } from 'chai';
import { Load } from '../support/load.ts';
import { docker, eventually, run } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';

/** Backups while users are at work, and what keeps bad ones from counting. */
export function making(stack: BackupStack): void {
  it('are made under load, encrypted, with the rows of one moment', async () => {
    const load = new Load(stack.url).start();
    await eventually(20, 'some products', async () => (await stack.testProducts()).length > 20);
    expect(await stack.backup()).to.match(/backup: done after \d+ s, \d+ backups kept/);
    const { endings } = await load.stop();
    expect(endings, 'no request is lost by it').to.deep.equal({});
    const [newest] = await stack.list();
    expect(newest).to.include({ encrypted: true });
    expect(newest!.rows['product']).to.be.within(520, 500 + (await stack.testProducts()).length);
    await stack.backup();
    stack.backedUp = { name: (await stack.list())[0]!.name, checksum: await stack.checksum() };
    const head = await stack.inside(
      'backup',
      'sh',
      '-c',
      `head -c 5 $BACKUPS/${stack.backedUp.name}.dump; cat $BACKUPS/metrics.prom`,
    );
    expect(head).not.to.contain('PGDMP');
    expect(head).to.contain('product_backup_last_attempt_failed 0');
  });

  it('are made on schedule', async () => {
    await eventually(90, 'a scheduled one', async () =>
      (await stack.list()).some(({ reason }) => reason === 'scheduled'),
    );
  });

  it('are made by a role that can only read, on a link of its own', async () => {
    const ask = (text: string) =>
      run('docker', [
        'exec',
        id!,
        'sh',
        '-c',
        'PGPASSWORD=$(cat $PGPASSWORD_FILE) psql -qAtc "$1"',
        'sh',
        text,
      ]);
    const [id] = await stack.replicas('backup');
    expect((await ask('SELECT count(*) > 500 FROM product')).output.trim()).to.equal('t');
    for (const text of ['DELETE FROM product', 'CREATE TABLE own (n integer)', 'SET ROLE product_owner'])
      expect(
        (await ask(`SET default_transaction_read_only = off; BEGIN READ WRITE; ${text}`)).output,
        text,
      ).to.match(/permission denied|must be/);
    const { output: audit } = await stack.npm('audit', '--', '--stack', stack.name);
    expect(audit).to.contain('backup → database:5432').and.to.contain('backup-upload → outside');
    expect(audit).not.to.contain('backup → outside').and.not.to.contain('backup-upload → database');
  });

  it('do not replace a good one when the disk is full', async () => {
    const [id] = await stack.replicas('backup');
    const environment = JSON.parse(
      await docker('inspect', '--format', '{{json .Config.Env}}', id!),
    ) as string[];
    const full = ['--tmpfs', '/full:size=16k,uid=999,mode=0700', '--env', 'BACKUPS=/full'];
    const { code, output } = await run('docker', [
      ...['run', '--rm', '--user', '999:999', '--network', `container:${id}`, '--volumes-from', id!],
      ...environment.filter((one) => !one.startsWith('BACKUPS=')).flatMap((one) => ['--env', one]),
      ...full,
      ...[
        'postgres:17-trixie',
        'bash',
        '-c',
        'bash /etc/product-stack/backup/dump.sh asked; code=$?; ls -A /full; exit $code',
      ],
    ]);
    expect(code, output).not.to.equal(0);
    expect(output, output)
      .to.contain('the dump could not be written')
      .and.to.match(/with 0 MiB free; the backups of before are untouched/);
    expect(output).not.to.match(/\.(dump|json)$/m);
  });
}
