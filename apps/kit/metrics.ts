import { createServer } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { containerName } from './container-name.ts';

/** A figure that is asked for when somebody reads it. */
export interface Figure {
  readonly name: string;
  readonly help: string;
  /** Its value, or its values by `state`. */
  readonly value: () => number | Readonly<Record<string, number>>;
}

/** Where metrics are shown, and what belongs to them besides what every app has. */
export interface MetricsOptions {
  readonly host: string;
  readonly port: number;
  readonly release: string;
  readonly figures?: readonly Figure[];
}

/**
 * Measures every request of `app`, its event loop and memory, and shows that at `port`, to Prometheus and nobody else.
 * @throws Error when it cannot listen there.
 */
export async function showMetrics(app: FastifyInstance, options: MetricsOptions): Promise<void> {
  const registry = new Registry();
  registry.setDefaultLabels({ replica: await containerName() });
  collectDefaultMetrics({ register: registry });
  measureRequests(app, registry);
  addFigure(registry, releaseOf(options.release));
  addFigure(registry, memoryLimit);
  for (const figure of options.figures ?? []) addFigure(registry, figure);
  await listen(registry, options);
}

function measureRequests(app: FastifyInstance, registry: Registry): void {
  const seconds = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Seconds from a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  app.addHook('onResponse', (request, reply, done) => {
    // The pattern, not the address, of which there are as many as products.
    const route = request.routeOptions.url ?? '(not found)';
    if (route !== '/healthz' && route !== '/readyz')
      seconds.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}

const memoryLimit: Figure = {
  name: 'process_memory_limit_bytes',
  help: 'The memory that the container may have.',
  value: () => process.constrainedMemory(),
};

function releaseOf(release: string) {
  return {
    name: 'product_release',
    help: 'The release that runs, as a label.',
    labels: { release },
    value: () => 1,
  };
}

function addFigure(
  registry: Registry,
  { name, help, value, labels }: Figure & { labels?: Record<string, string> },
): void {
  const labelNames = [...Object.keys(labels ?? {}), 'state'];
  new Gauge({
    name,
    help,
    labelNames,
    registers: [registry],
    collect() {
      const now = value();
      if (typeof now === 'number') this.set({ ...labels }, now);
      else for (const [state, count] of Object.entries(now)) this.set({ ...labels, state }, count);
    },
  });
}

function listen(registry: Registry, { host, port }: MetricsOptions): Promise<void> {
  const server = createServer((_request, response) => {
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  // Whoever reads metrics must not keep a stopping process alive.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(new Error(`cannot listen on HOST ${host}, METRICS_PORT ${port}; set another`, { cause })),
    );
    server.listen(port, host, resolve);
  });
}
