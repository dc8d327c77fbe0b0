// A process for serve.spec.ts: GET /slow answers after 700 ms, everything else at once; 1.8 s after GET /busy it is held up for 0.9 s,
// and after GET /busy-stop when it is told to stop.
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer } from '../../kit/server.ts';
import { serve } from '../../kit/serve.ts';
import { startOrFail } from '../../kit/start.ts';

await startOrFail(async () => {
  const app = createServer();
  app.get('/slow', () => sleep(700, { slow: true }));
  app.get('/busy', () => {
    // Not in a timer: after those Node reads before it comes to the next.
    setTimeout(() => setImmediate(holdUp), 1800);
    return {};
  });
  app.get('/busy-stop', () => {
    process.prependOnceListener('SIGTERM', holdUp);
    return {};
  });
  app.get('/', () => ({ slow: false }));
  // Fastify ends open resources before the process; it must wait for what is in flight.
  app.addHook('onClose', () => void process.stdout.write('closed\n'));
  await serve(app, { host: '127.0.0.1', port: Number(process.argv[2]) });
  const address = app.server.address();
  process.stdout.write(`port ${typeof address === 'object' && address?.port}\n`);
});

function holdUp(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900);
}
