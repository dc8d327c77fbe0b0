import { expect } from 'chai';
import type { BackupStack } from './backup-stack.ts';
import { post } from './ending.ts';
import { readAllTheTime } from './readers.ts';

/** Another major version of Postgres under readers, and the way back. */
export function upgrading(stack: BackupStack): void {
  it('are not needed when an upgrade fails: everything is as it was, and can be written to at once', async () => {
    const reads = readAllTheTime(stack.url);
    const image = 'localhost:1/no/such:image';
    await stack.failsAndChangesNothing(
      () => stack.npm('upgrade-database', '--', image, '--stack', stack.name, '--yes'),
      image,
    );
    await reads();
    expect(await post(stack.url, 'FAILED-1')).to.equal(201);
  });

  it('are not needed for another major version of Postgres, and there is a way back', async () => {
    const before = await stack.checksum();
    const reads = readAllTheTime(stack.url);
    const output = await stack.npmOk(
      'upgrade-database',
      '--',
      'postgres:18-trixie',
      '--stack',
      stack.name,
      '--yes',
    );
    const { count, statuses } = await reads();
    expect(output).to.contain('runs on Postgres 18.');
    expect(await stack.checksum()).to.equal(before);
    expect(count).to.be.greaterThan(50);
    expect(statuses, 'while Postgres is replaced there is a 503').to.satisfy((all: number[]) =>
      all.every((status) => status === 200 || status === 503),
    );
    expect(await post(stack.url, 'AFTER-1'), 'it can be written to').to.equal(201);
    const back = /way back.*?: {2}(.*)$/m.exec(output)![1]!;
    const went = await stack.run('bash', '-c', back);
    expect(went.code, went.output).to.equal(0);
    expect(await stack.sql('SHOW server_version')).to.match(/^17\./);
    expect(await stack.checksum()).to.equal(before);
    expect(await post(stack.url, 'AFTER-1'), 'and so can what was before').to.equal(201);
  });
}
