import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { newPair } from '../support/certificates.ts';
import { Load } from './support/load.ts';
import { sleep } from './support/fault.ts';
import { docker, eventually, run } from './support/run.ts';
import { TestStack } from './support/test-stack.ts';

describe('backups', function () {
  this.timeout(600_000);
  const stack = new TestStack('backup');
  const { certificate, key } = newPair('backups');
  let backedUp: { name: string; checksum: string };

  const npm = (...args: string[]) =>
    run('npm', ['run', '-s', ...args], {
      cwd: stack.folder,
      env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'end-to-end' },
    });
  const npmOk = async (...args: string[]) => {
    const { code, output } = await npm(...args);
    expect(code, output).to.equal(0);
    return output;
  };
  const restore = (name: string, ...more: string[]) =>
    npm('restore', '--', name, '--stack', stack.name, '--yes', ...more);
  const back = (time: string) => npm('restore', '--', '--time', time, '--stack', stack.name, '--yes');
  const inside = async (service: string, ...command: string[]) =>
    docker('exec', (await stack.replicas(service))[0]!, ...command);
  const sql = (text: string) => inside('database', 'psql', '-U', 'postgres', '-d', 'product', '-qAtc', text);
  /** All that a product is, of all products. */
  const checksum = () =>
    sql(`SELECT count(*) || ' ' || md5(string_agg(p::text, '|' ORDER BY id)) FROM product p`);
  const list = async () =>
    JSON.parse(await npmOk('backups', '--', '--stack', stack.name, '--json')) as {
      name: string;
      reason: string;
      encrypted: boolean;
      rows: Record<string, number>;
    }[];
  /** Runs what must fail, and expects nothing to have changed. */
  const failsAndChangesNothing = async (
    attempt: () => Promise<{ code: number; output: string }>,
    words: string,
  ) => {
    const state = async () => [await checksum(), await volumes(), await stack.replicas('database')];
    const before = await state();
    const { code, output } = await attempt();
    expect(code, output).to.equal(1);
    expect(output).to.contain(words);
    expect(output, 'no stack trace').not.to.match(/^\s+at .*:\d+/m);
    expect(await state()).to.deep.equal(before);
  };
  const volumes = () => docker('volume', 'ls', '-q', '--filter', `name=product-stack-${stack.name}-`);

  before(async () => {
    writeFileSync(join(stack.folder, 'recipient.pem'), certificate);
    writeFileSync(join(stack.folder, 'private.pem'), key);
    writeFileSync(join(stack.folder, 'other.pem'), newPair('other').key);
    await stack.init({
      replicas: '1',
      storefrontReplicas: '1',
      catalogueSize: '500',
      postgresImage: 'postgres:17-trixie',
      'backup.schedule': '* * * * *',
      'backup.encryptTo': './recipient.pem',
    });
    await stack.upOk();
  });
  after(() => stack.dispose());

  it('are made under load, encrypted, with the rows of one moment', async () => {
    const load = new Load(stack.url).start();
    await eventually(20, 'some products', async () => (await stack.testProducts()).length > 20);
    expect(await npmOk('backup', '--', '--stack', stack.name)).to.match(
      /backup: done after \d+ s, \d+ backups kept/,
    );
    const { endings } = await load.stop();
    expect(endings, 'no request is lost by it').to.deep.equal({});
    const [newest] = await list();
    expect(newest).to.include({ encrypted: true });
    expect(newest!.rows['product']).to.be.within(520, 500 + (await stack.testProducts()).length);
    await npmOk('backup', '--', '--stack', stack.name);
    backedUp = { name: (await list())[0]!.name, checksum: await checksum() };
    const head = await inside(
      'backup',
      'sh',
      '-c',
      `head -c 400 $BACKUPS/${backedUp.name}.dump | strings | head -3; cat $BACKUPS/metrics.prom`,
    );
    expect(head).not.to.contain('PGDMP');
    expect(head).to.contain('product_backup_last_attempt_failed 0');
  });

  it('are made on schedule', async () => {
    await eventually(90, 'a scheduled one', async () =>
      (await list()).some(({ reason }) => reason === 'scheduled'),
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
    expect((await npm('audit', '--', '--stack', stack.name)).output).to.contain('backup → database:5432');
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

  it('that are encrypted need their key, and no other', async () => {
    await failsAndChangesNothing(() => restore(backedUp.name), 'is encrypted. Add --key FILE');
    await failsAndChangesNothing(() => restore(backedUp.name, '--key', 'other.pem'), 'pg_restore');
    await failsAndChangesNothing(() => restore(backedUp.name, '--key', 'nothing.pem'), 'no such file');
  });

  it('that are damaged are refused, and so is one that there is not', async () => {
    const file = `$BACKUPS/${backedUp.name}.dump`;
    await inside('backup', 'sh', '-c', `mv ${file} ${file}.good && head -c 5000 ${file}.good >${file}`);
    await failsAndChangesNothing(
      () => restore(backedUp.name, '--key', 'private.pem'),
      'its checksum differs',
    );
    await inside('backup', 'sh', '-c', `mv ${file}.good ${file}`);
    await failsAndChangesNothing(
      () => restore('2020-01-01T00-00-00Z'),
      `${stack.name} has no backup 2020-01-01T00-00-00Z`,
    );
  });

  it('bring everything back after the data were destroyed', async () => {
    await stack.pulumiOk('destroy', '--yes', '--skip-preview');
    expect(await npmOk('destroy-data', '--', stack.name, '--yes')).to.contain('its backups stay');
    await stack.upOk();
    expect(await checksum()).not.to.equal(backedUp.checksum);
    const { code, output } = await restore(backedUp.name, '--key', 'private.pem');
    expect(code, output).to.equal(0);
    expect(await checksum()).to.equal(backedUp.checksum);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
  });

  it('of an older release get the migrations that they lack', async () => {
    await sql(`DROP TABLE catalogue_mark; DELETE FROM schema_migration WHERE name LIKE '0003%'`);
    await npmOk('backup', '--', '--stack', stack.name);
    const { code, output } = await restore('latest', '--key', 'private.pem');
    expect(code, output).to.equal(0);
    expect(output).to.contain('0003-catalogue-mark.sql');
    expect(await sql('SELECT count(*) FROM schema_migration')).to.equal('3');
  });

  it('go back to the second before a mistake, where all that was written is kept', async () => {
    const id = await stack.replicas('product-api');
    await failsAndChangesNothing(
      () => back('2026-01-01T00:00:00Z'),
      'Run: pulumi config set backup.pointInTime true',
    );
    await stack.configure({ 'backup.pointInTime': 'true' });
    await stack.upOk();
    expect(await stack.replicas('product-api'), 'nothing else is restarted').to.deep.equal(id);
    const archive = () => inside('wal-archive', 'sh', '-c', 'ls -d $ARCHIVE/$LINEAGE/base/*');
    await eventually(60, 'a copy of the whole', archive);
    const load = new Load(stack.url).start();
    await sleep(10_000);
    const { endings } = await load.stop();
    expect(endings).to.deep.equal({});
    const good = await checksum();
    await sleep(1000);
    const time = await sql('SELECT now()');
    await sleep(1000);
    await sql('DROP TABLE product');
    const { code, output } = await back(`${time.replace(' ', 'T')}:00`);
    expect(code, output).to.equal(0);
    expect(await checksum()).to.equal(good);
    expect((await fetch(`${stack.url}/api/products`)).status).to.equal(200);
    await eventually(60, 'a copy of the whole of what is now', archive);
    await failsAndChangesNothing(
      () => back('2026-01-01T00:00:00Z'),
      'nothing is kept to go back to 2026-01-01',
    );
    await stack.pulumiOk('config', 'rm', 'backup.pointInTime');
  });

  it('are not needed for another major version of Postgres, and there is a way back', async () => {
    const before = await checksum();
    const reads = readAllTheTime(stack.url);
    const output = await npmOk(
      'upgrade-database',
      '--',
      'postgres:18-trixie',
      '--stack',
      stack.name,
      '--yes',
    );
    const { count, statuses } = await reads();
    expect(output).to.contain('runs on Postgres 18.');
    expect(await checksum()).to.equal(before);
    expect(count).to.be.greaterThan(50);
    expect(statuses, 'while Postgres is replaced there is a 503').to.satisfy((all: number[]) =>
      all.every((status) => status === 200 || status === 503),
    );
    const created = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        sku: 'AFTER-1',
        name: 'After',
        description: '',
        price: { amount: 1, currency: 'EUR' },
        stock: 1,
      }),
    };
    expect((await fetch(`${stack.url}/api/products`, created)).status, 'it can be written to').to.equal(201);
    const back = /way back.*?: {2}(.*)$/m.exec(output)![1]!;
    const went = await run('bash', ['-c', back], {
      cwd: stack.folder,
      env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'end-to-end' },
    });
    expect(went.code, went.output).to.equal(0);
    expect(await sql('SHOW server_version')).to.match(/^17\./);
    expect(await checksum()).to.equal(before);
    expect((await fetch(`${stack.url}/api/products`, created)).status, 'and so can what was before').to.equal(
      201,
    );
  });
});

/** Asks for products until it is told to stop; returns what tells it. */
function readAllTheTime(url: string): () => Promise<{ count: number; statuses: number[] }> {
  const statuses = new Set<number>();
  let [going, count] = [true, 0];
  const asking = (async () => {
    while (going) {
      statuses.add((await fetch(`${url}/api/products?limit=1`)).status);
      count++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return async () => {
    going = false;
    await asking;
    return { count, statuses: [...statuses] };
  };
}
