import { expect } from 'chai';
import { docker, eventually, run, type Ended } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';

/** What makes backups and keeps the log, where something is in its way. */
export function byItself(stack: BackupStack): void {
  it('are made one at a time, however many ask at once', async () => {
    const script = 'for n in 1 2 3 4 5 6; do bash /etc/product-stack/backup/dump.sh asked 2>&1 & done; wait';
    // The schedule may be at work, too.
    await eventually(30, 'one of six', async () => {
      const said = await stack.inside('backup', 'bash', '-c', script);
      const count = (words: string) => said.split(words).length - 1;
      expect(count('backup: done after') + count('another backup is at work'), said).to.equal(6);
      return count('backup: done after') === 1;
    });
  });

  it('that were missed while nothing ran are made up for, once', async () => {
    const { code, output } = await beside(stack, 'backup', '/missed:size=64m', {
      env: { BACKUPS: '/missed', SCHEDULE: '0 0 * * *' },
      script: `now=$(($(date +%s) / 60)); echo "$((now - 3 * 1440))" >/missed/.seen
        timeout 15 bash /etc/product-stack/backup/run.sh; cd /missed
        echo "made $(ls | grep -c 'json$')"; echo "seen $(($(<.seen) - now))"; cat metrics.prom`,
    });
    expect(code, output).to.equal(0);
    expect(output)
      .to.contain('made 1\n')
      .and.match(/^seen 0$/m);
    const midnight = new Date().setUTCHours(0, 0, 0, 0) / 1000;
    expect(output)
      .to.contain(`product_backup_due_timestamp_seconds ${midnight}\n`)
      .and.contain(`product_backup_next_timestamp_seconds ${midnight + 86_400}\n`);
  });
}

/** Another archive, on a full disk. */
export function fullArchive(stack: BackupStack): void {
  it('keep telling where the disk of the archive is full, and do not fill it again and again', async () => {
    // The log's first file has room, a copy of the whole has none. Its own slot: what it takes must not be missing in the real one.
    const { output } = await beside(stack, 'wal-archive', '/full:size=18m', {
      env: { ARCHIVE: '/full' },
      script: `cp -r /etc/product-stack /tmp/own && sed -i 's/^slot=.*/slot=full_archive/' /tmp/own/archive/run.sh
        bash /tmp/own/archive/run.sh >/tmp/said 2>&1 &
        for ((n = 0; n < 60; n++)); do grep -q 'the copy failed' /tmp/said && break; sleep 1; done
        sleep 12; cat /tmp/said /tmp/metrics.prom`,
    });
    const drop = `SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'full_archive'`;
    // Postgres may not have noticed yet that the receiver is gone.
    await eventually(20, 'the slot is dropped', async () => (await stack.sql(drop), true));
    expect(output).to.match(/the copy failed, with \d+ MiB free; again in 60 s/);
    expect(output.split('copying the whole').length - 1, output).to.equal(1);
    expect(output)
      .to.contain('product_archive_copy_failed 1\n')
      .and.match(/^product_archive_behind_bytes \d+$/m)
      .and.match(/^product_archive_free_bytes \d+$/m);
  });
}

/** Runs a script as a service does, but for a small disk and some environment. */
async function beside(
  stack: BackupStack,
  service: string,
  disk: string,
  { env, script }: { env: Record<string, string>; script: string },
): Promise<Ended> {
  const [id] = await stack.replicas(service);
  const inspect = (format: string) => docker('inspect', '--format', format, id!);
  const own = JSON.parse(await inspect('{{json .Config.Env}}')) as string[];
  const networks = (await inspect('{{range $name, $_ := .NetworkSettings.Networks}}{{$name}} {{end}}')).split(
    ' ',
  );
  const all = [
    ...own.filter((one) => !(one.split('=')[0]! in env)),
    ...Object.entries(env).map((pair) => pair.join('=')),
  ];
  return run('docker', [
    ...['run', '--rm', '--user', '999:999', '--volumes-from', id!],
    ...['--network', networks.find((name) => name.endsWith(`${service}-database`)) ?? networks[0]!],
    ...['--tmpfs', `${disk},uid=999,mode=0700`, ...all.flatMap((one) => ['--env', one])],
    ...['postgres:17-trixie', 'bash', '-c', script],
  ]);
}
