// Tells the metrics store what the containers of one stack use. It listens nowhere: nobody can ask it, or the engine through it.
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment, text, whole } from '../kit/environment.ts';
import { inWords, startOrFail } from '../kit/start.ts';
import { Engine, type Listed } from './engine.ts';
import { metricsText, type Seen } from './figures.ts';

await startOrFail(async () => {
  const env = readEnvironment({
    DOCKER_SOCKET: text('/var/run/docker.sock'),
    STACK: text(),
    STORE_URL: text(),
    SECONDS: whole(1, 3600, 5),
  });
  const engine = new Engine(env.DOCKER_SOCKET);
  let trouble = '';
  for (;;) {
    const said = await tell(engine, env.STACK, env.STORE_URL).catch(inWords);
    if (said !== trouble && said !== '') console.error(said);
    trouble = said;
    if (said === '') await writeFile('/tmp/alive', '');
    await sleep(env.SECONDS * 1000);
  }
});

/** One round; '' when it went well. */
async function tell(engine: Engine, stack: string, store: string): Promise<string> {
  const listed = await engine.list([`product-stack.stack=${stack}`, 'product-stack.role=replica']);
  const seen = await Promise.all(listed.map((one) => look(engine, one)));
  const { status } = await fetch(`${store}/api/v1/import/prometheus?extra_label=job=containers`, {
    method: 'POST',
    body: metricsText(seen.filter((one) => one !== undefined)),
    signal: AbortSignal.timeout(5000),
  });
  return status < 300 ? '' : `the store answered ${status}`;
}

/** Undefined for one that is gone meanwhile. */
async function look(engine: Engine, listed: Listed): Promise<Seen | undefined> {
  try {
    const inspected = await engine.inspect(listed.Id);
    return {
      listed,
      inspected,
      stats: listed.State === 'running' ? await engine.stats(listed.Id) : undefined,
    };
  } catch (error) {
    if (error instanceof Error && /answered (404|409)/.test(error.message)) return undefined;
    throw error;
  }
}
