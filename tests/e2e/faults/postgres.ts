import { expect } from 'chai';
import { sleep, underLoad } from '../support/fault.ts';
import { docker, eventually } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';
import { one } from './expect.ts';

const away: [fault: string, cause: (id: string) => Promise<unknown>][] = [
  ['docker restart of Postgres', (id) => docker('restart', id)],
  [
    'SIGKILL of Postgres',
    (id) => docker('exec', id, 'bash', '-c', 'kill -9 $(head -1 $PGDATA/postmaster.pid)'),
  ],
  [
    'docker pause of Postgres, 10 s',
    async (id) => {
      await docker('pause', id);
      await sleep(10_000);
      await docker('unpause', id);
    },
  ],
];

/** The database is away for a while. */
export function postgres(stack: TestStack): void {
  for (const [fault, cause] of away) {
    it(`${fault}: quick 503s, no acknowledged write lost, recovery within 5 s`, async () => {
      const id = await one(stack, 'database');
      const health = () => docker('inspect', '--format', '{{.State.Health.Status}}', id);
      const row = await underLoad(stack, fault, async () => {
        await cause(id);
        await eventually(60, 'the database is ready', async () => (await health()) === 'healthy');
        await eventually(5, 'reads and writes', async () => (await fetch(`${stack.url}/api/products`)).ok);
      });
      expect(row.wrong).to.equal(0);
      const other = Object.keys(row.endings).filter((ending) => !/ 503( |$)/.test(ending));
      expect(other, JSON.stringify(row.endings)).to.deep.equal([]);
      expect(row.worst, 'the slowest answer, ms').to.be.lessThan(6000);
    });
  }
}
