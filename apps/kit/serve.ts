import type { FastifyInstance } from 'fastify';

/** What a stop signal ends with: 128 + SIGTERM. Not 0, or the restart policy would leave the container down after a reboot. */
const stoppedCode = 143;

/** How long requests in flight may take after a stop signal, milliseconds. */
const drainLimit = 10_000;

/**
 * How long idle connections live on after a stop signal, milliseconds: a second longer than nginx keeps one (stacks/nginx-settings.ts),
 * so that it is nginx who ends them, which loses nothing.
 */
export const idleGrace = 2000;

/**
 * Listens, and on SIGTERM closes the listener at once (a load balancer then moves on), finishes what is in flight with
 * `Connection: close`, and after `idleGrace` ends idle connections that their clients have not ended by then.
 * @throws Error when it cannot listen there.
 */
export async function serve(
  app: FastifyInstance,
  { host, port }: { host: string; port: number },
): Promise<void> {
  let stopping = false;
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (stopping) void reply.header('connection', 'close');
    done();
  });
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(stoppedCode), drainLimit).unref();
    void app.close().finally(() => process.exit(stoppedCode));
  };
  app.addHook('preClose', acceptFirst);
  closeIdleLater(app);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await app.listen({ host, port }).catch((cause: unknown) => {
    throw new Error(`cannot listen on HOST ${host}, PORT ${port}; set them to an address that is free here`, {
      cause,
    });
  });
}

// When a listener closes, the kernel resets connections that have come in and are not accepted yet, with the POSTs that are on them. Fastify
// closes right after this, and two turns of the event loop accept all that came in while this process was held up.
function acceptFirst(closeListener: () => void): void {
  setImmediate(() => setImmediate(closeListener));
}

// A connection that looks idle may carry a request that is not read yet; ended at once, it would lose a POST, which no proxy repeats.
// Nor is it read when a process that was held up comes to its timers, so that what has arrived is read in between.
// Fastify and Node both close idle ones through this method.
function closeIdleLater({ server }: FastifyInstance): void {
  const closeNow = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => void setTimeout(() => setImmediate(closeNow), idleGrace);
}
