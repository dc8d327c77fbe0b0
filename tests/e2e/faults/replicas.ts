import { expect } from 'chai';
import { fullStrength, sleep, underLoad } from '../support/fault.ts';
import { docker, eventually } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';
import { downAndUp, lostNothing, lostNothingRepeatable, one } from './expect.ts';

/** One product-api ends or hangs. */
export function replica(stack: TestStack): void {
  it('that gets SIGTERM loses nothing', async () => {
    const id = await one(stack, 'product-api');
    const terminate = () => docker('exec', id, 'sh', '-c', 'kill -TERM -1');
    lostNothing(await underLoad(stack, 'SIGTERM of a product-api', terminate));
  });

  it('that is stopped loses nothing', async () => {
    const id = await one(stack, 'product-api');
    lostNothing(await underLoad(stack, 'docker stop of a product-api', () => downAndUp(id, 'stop')));
  });

  it('that is killed loses no read and no write with a key', async () => {
    const id = await one(stack, 'product-api');
    lostNothingRepeatable(await underLoad(stack, 'SIGKILL of a product-api', () => downAndUp(id, 'kill')));
  });

  it('that hangs is taken out of use and restarts by itself', async () => {
    const id = await one(stack, 'product-api');
    const restarts = () => docker('inspect', '--format', '{{.RestartCount}}', id);
    const before = await restarts();
    const hang = async () => {
      // Only what tini runs: a probe that is stopped as well says nothing for a minute.
      await docker('exec', id, 'sh', '-c', 'kill -STOP $(cat /proc/1/task/1/children)');
      await eventually(60, 'a restart', async () => (await restarts()) !== before);
    };
    lostNothingRepeatable(await underLoad(stack, 'a product-api hangs (SIGSTOP)', hang));
  });
}

/** Every product-api is gone. */
export function allReplicas(stack: TestStack): void {
  it('gone: 503 with Retry-After at once, and recovery by itself', async () => {
    const ids = await stack.replicas('product-api');
    await docker('stop', ...ids);
    await sleep(3000); // Docker's DNS has forgotten them
    const begun = performance.now();
    const answer = await fetch(`${stack.url}/api/products`);
    const elapsed = performance.now() - begun;
    expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([503, '1']);
    expect(elapsed).to.be.lessThan(100);
    expect((await fetch(stack.url)).status, 'a page').to.equal(503);
    await docker('start', ...ids);
    const recovered = async () =>
      (await fetch(stack.url)).ok && (await fetch(`${stack.url}/api/products`)).ok;
    await eventually(10, 'recovery', recovered);
    await fullStrength(stack);
  });
}
