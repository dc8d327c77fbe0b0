import Fastify, { LogController, type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { requestId, requestIdHeader } from './request-id.ts';

/** A Fastify that every app here starts from: ids, one JSON log line a request, limits. `more` wins. */
export function createServer(more: FastifyServerOptions = {}): FastifyInstance {
  const app = Fastify({
    genReqId: requestId,
    requestIdHeader: false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 64 * 1024,
    // Longer than nginx keeps its connections, so that only nginx ends an idle one and never meets a closing socket.
    keepAliveTimeout: 75_000,
    requestTimeout: 15_000,
    // Only nginx can reach this port, and it says who its client is.
    trustProxy: true,
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    ...more,
  }) as unknown as FastifyInstance;
  // Hooks with callbacks: an async one costs every request a promise and a turn of the queue.
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header(requestIdHeader, request.id);
    done();
  });
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url } = request;
    if (url !== '/healthz' && url !== '/readyz')
      request.log.info({
        method,
        url,
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime * 10) / 10,
        client: request.ip,
      });
    done();
  });
  return app;
}
