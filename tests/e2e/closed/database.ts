import { expect } from 'chai';
import { docker, run } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** Who may do what in Postgres, on the stack itself; the SQL that the application may not is in database.spec.ts. */
export function database(stack: TestStack): void {
  const sql = async (statement: string) =>
    docker(
      'exec',
      (await stack.replicas('database'))[0]!,
      'psql',
      '-AtU',
      'postgres',
      '-d',
      'product',
      '-c',
      statement,
    );
  /** What psql says to a role that comes over the network with its right password. */
  const comeAs = async (role: string, database: string, secret: string) => {
    const [id] = await stack.replicas('database');
    const ask =
      'PGPASSWORD=$(cat /run/secrets/$3) psql -h $(hostname -i | cut -d" " -f1) -U $1 -d $2 -Atc "SELECT current_user"';
    return run('docker', ['exec', id!, 'sh', '-c', ask, 'sh', role, database, secret]);
  };

  it('lets the application into its own database and no other', async () => {
    const own = await comeAs('product_app', 'product', 'database-app-password');
    expect(own.output.trim()).to.equal('product_app');
    for (const other of ['postgres', 'template1'])
      expect((await comeAs('product_app', other, 'database-app-password')).output).to.contain(
        'no pg_hba.conf entry',
      );
  });

  it('lets the superuser in from nowhere but its own container', async () => {
    const { output } = await comeAs('postgres', 'product', 'database-superuser-password');
    expect(output).to.contain('no pg_hba.conf entry');
  });

  it('keeps passwords as scram, and ends what takes too long', async () => {
    expect(
      await sql('SELECT DISTINCT left(rolpassword, 14) FROM pg_authid WHERE rolpassword IS NOT NULL'),
    ).to.equal('SCRAM-SHA-256$');
    const set = await sql(
      "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole WHERE rolname = 'product_app'",
    );
    expect(set.split('\n').sort()).to.deep.equal([
      'idle_in_transaction_session_timeout=5s',
      'statement_timeout=5s',
    ]);
  });
}
