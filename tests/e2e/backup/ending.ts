import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { product } from '../support/products.ts';
import { docker, eventually } from '../support/run.ts';
import type { BackupStack } from './backup-stack.ts';

/** Restores that do not come to their end, or that come at once. What is live may be written to meanwhile. */
export function ending(stack: BackupStack): void {
  const restore = ['restore', '--', 'latest', '--key', 'private.pem', '--stack', stack.name, '--yes'];
  const others = [
    restore,
    ['upgrade-database', '--', 'postgres:18-trixie', '--stack', stack.name, '--yes'],
    ['import', '--', 'one.csv', '--currency', 'EUR', '--stack', stack.name],
  ];

  it('are restored one at a time; one that is stopped changes nothing, and one that was killed is not in the way', async () => {
    const before = await stack.volumes();
    const killed = stack.beginNpm(...restore);
    const left = await sideDatabase(stack);
    killed.killAll('SIGKILL');
    await killed.ended;
    expect(await stack.volumes()).not.to.equal(before);

    const going = stack.beginNpm(...restore);
    await hold(await sideDatabase(stack, left));
    writeFileSync(join(stack.folder, 'one.csv'), 'sku,name,price\nONE-1,One,1\n');
    for (const other of others) {
      const { code, output } = await stack.npm(...other);
      expect(code, output).to.equal(1);
      expect(output).to.match(
        /: a restore of latest is at work since .*Z, process \d+ on .*\. Nothing was changed/,
      );
    }
    going.kill('SIGTERM');
    const { code, output } = await going.ended;
    expect(code, output).to.equal(1);
    expect(output).to.contain('stopped; nothing was changed');
    expect(await stack.volumes(), 'what the killed one left is gone, too').to.equal(before);
    expect(await stack.atWork()).to.deep.equal([]);
  });
}

/** Upgrades that do not come to their end. */
export function endingUpgrades(stack: BackupStack): void {
  const upgrade = ['upgrade-database', '--', 'postgres:18-trixie', '--stack', stack.name, '--yes'];

  it('are not needed after Ctrl-C in an upgrade: it can be written to at once', async () => {
    const before = await stack.volumes();
    const going = stack.beginNpm(...upgrade);
    await sideDatabase(stack);
    expect(await post(stack.url, 'STOPPED-1'), 'meanwhile').to.equal(503);
    going.killAll('SIGINT');
    const { code, output } = await going.ended;
    expect(code, output).not.to.equal(0);
    await eventually(20, 'its end', async () => (await stack.atWork()).length === 0);
    expect(await post(stack.url, 'STOPPED-1')).to.equal(201);
    expect(await stack.volumes()).to.equal(before);
  });

  it('are not needed either when it was killed', async () => {
    const going = stack.beginNpm(...upgrade);
    await sideDatabase(stack);
    going.killAll('SIGKILL');
    await going.ended;
    await eventually(10, 'writes', async () => (await post(stack.url, `KILLED-${Date.now()}`)) === 201);
  });
}

/** Waits for the Postgres beside the live one; another than `left`. Returns its id. */
function sideDatabase(stack: BackupStack, left?: string): Promise<string> {
  const name = `product-stack-${stack.name}-side-database`;
  return eventually(60, 'a Postgres beside the live one', async () => {
    const [id, state] = (await docker('inspect', '--format', '{{.Id}} {{.State.Status}}', name)).split(' ');
    return state === 'running' && id !== left && id;
  });
}

/**
 * Holds what waits for a Postgres, for as long as others are asked: it does not get on. Not `docker pause`: that stops whatever is run
 * beside it as well, and who waits for that would wait for ever.
 */
async function hold(container: string): Promise<void> {
  await docker('exec', container, 'sh', '-c', 'kill -STOP $(cat /proc/1/task/1/children)');
}

/** The status of creating a product, asked once. */
export async function post(url: string, sku: string): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(product(sku));
  return (await fetch(`${url}/api/products`, { method: 'POST', headers, body })).status;
}
