import { appendFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { underLoad } from '../support/fault.ts';
import type { TestStack } from '../support/test-stack.ts';
import { fileOf, lostNothing } from './expect.ts';

/** New versions of the apps, while users are at work. */
export function releases(stack: TestStack): void {
  const change = (app: string) => appendFileSync(fileOf(stack, `apps/${app}/server.ts`), '\n// changed\n');
  for (const [app, replicas] of [
    ['product-api', 3],
    ['storefront', 2],
  ] as const) {
    it(`of ${app} loses nothing, never with fewer than ${replicas} replicas`, async () => {
      change(app);
      const row = await underLoad(stack, `release of ${app}`, () => stack.upOk());
      lostNothing(row);
      expect(row.fewest[app]).to.equal(replicas);
    });
  }

  it('of both with a migration loses nothing', async () => {
    writeFileSync(
      fileOf(stack, 'apps/migrate/migrations/0099-weight.sql'),
      'ALTER TABLE product ADD COLUMN weight_grams integer;\n',
    );
    ['product-api', 'storefront'].forEach(change);
    lostNothing(await underLoad(stack, 'release of both with a migration', () => stack.upOk()));
  });
}

/** More replicas, and fewer. */
export function scaling(stack: TestStack): void {
  it('3 → 6 → 2 loses nothing', async () => {
    for (const replicas of ['6', '2']) {
      await stack.configure({ replicas });
      lostNothing(await underLoad(stack, `scale to ${replicas}`, () => stack.upOk()));
    }
  });
}
