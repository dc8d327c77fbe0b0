import { expect } from 'chai';
import { docker, eventually } from '../support/run.ts';
import type { ImportStack } from './import-stack.ts';

/** Imports that are stopped: before they were made final, and after. */
export function stopping(stack: ImportStack): void {
  const sessions = () =>
    stack.sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'product-import-%'`);
  const begin = (file: string) =>
    stack.beginNpm('import', '--', file, '--currency', 'EUR', '--stack', stack.name);

  it('are not there when they are stopped on their way', async () => {
    const rows = Array.from({ length: 200_000 }, (_, n) => `MANY-${n},Many,1\n`);
    stack.write('many.csv', `sku,name,price\n${rows.join('')}`);
    const before = await stack.checksum();
    const going = begin('many.csv');
    await eventually(30, 'a session', async () => (await sessions()) === '1');
    going.kill('SIGTERM');
    const { code, output, seconds } = await going.ended;
    expect(code, output).to.equal(1);
    expect(output).to.contain('stopped; nothing was changed');
    expect(seconds).to.be.lessThan(20);
    expect(await sessions()).to.equal('0');
    expect(await stack.atWork()).to.deep.equal([]);
    expect(await stack.checksum()).to.equal(before);
  });

  it('are there when they had been made final, whatever becomes of the answer', async () => {
    stack.write('late.csv', 'sku,name,price\nLATE-1,Late,1\n');
    // Not in the way of rows, but of the statistics that are made after them.
    const lock = 'BEGIN; LOCK TABLE product IN SHARE UPDATE EXCLUSIVE MODE; SELECT pg_sleep(60)';
    const psql = ['psql', '-U', 'postgres', '-d', 'product', '-c', lock];
    await docker(
      'exec',
      '--detach',
      '--env',
      'PGAPPNAME=in-the-way',
      (await stack.replicas('database'))[0]!,
      ...psql,
    );
    await eventually(10, 'the lock', async () => (await waiting('in-the-way')) === 'PgSleep');
    const going = begin('late.csv');
    await eventually(
      30,
      'the row',
      async () => (await stack.sql(`SELECT count(*) FROM product WHERE sku = 'LATE-1'`)) === '1',
    );
    going.kill('SIGTERM');
    const { code, output } = await going.ended;
    await stack.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'in-the-way'`,
    );
    expect(code, output).to.equal(0);
    expect(output).to.contain('has them: 1 new');
    expect(await sessions()).to.equal('0');
  });

  function waiting(name: string): Promise<string> {
    return stack.sql(`SELECT wait_event FROM pg_stat_activity WHERE application_name = '${name}'`);
  }
}
