import type { FastifyInstance } from 'fastify';

/** What a stop signal ends with: 128 + SIGTERM. Not 0, or the restart policy would leave the container down after a reboot. */
const stoppedCode = 143;

/** How long requests in flight may take after a stop signal, milliseconds. */
const drainLimit = 10_000;

/**
 * Listens, and on SIGTERM closes the listener at once (a load balancer then moves on), ends idle connections, and finishes what is
 * in flight with `Connection: close`.
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
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  await app.listen({ host, port }).catch((cause: unknown) => {
    throw new Error(`cannot listen on HOST ${host}, PORT ${port}; set them to an address that is free here`, {
      cause,
    });
  });
}
