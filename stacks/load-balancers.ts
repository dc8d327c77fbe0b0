import { nginxHealth } from './health.ts';
import { edgeApi, edgeHttp, edgeServer } from './edge-settings.ts';
import { counting, upstreams, workers } from './nginx-settings.ts';
import type { Settings } from './settings.ts';
import { tmpfs } from './tmpfs.ts';
import { certificateFiles, type FileEntry, type Service } from './topology.ts';

/** The port that edge and gateway listen on inside their networks. */
export const nginxPort = 8080;

/** The port of edge for https inside its networks. */
const httpsPort = 8443;

/** Answers nginx's own health check, on the loopback address of its container. */
const healthPort = 8081;

/** What edge and gateway may use each; nginx gets a worker for each. */
const cpus = 1;

/** The only way in: pages go to storefront, /api/ to product-api. */
export function edge(settings: Settings): Service {
  const { bindAddress: address } = settings;
  const { certificate, key } = certificateFiles({ name: 'edge' });
  const targets = { storefront: settings.storefrontPort, 'product-api': settings.productApiPort };
  return {
    ...loadBalancer(settings, 'edge', targets, [
      { path: 'settings/api.conf', content: edgeApi(settings) },
      { path: 'settings/http.conf', content: edgeHttp(settings) },
      { path: 'settings/server.conf', content: edgeServer(settings) },
    ]),
    secrets: [certificate, key],
    publish: [
      { setting: 'httpPort', address, hostPort: settings.httpPort, containerPort: nginxPort },
      { setting: 'httpsPort', address, hostPort: settings.httpsPort, containerPort: httpsPort },
    ],
  };
}

/** The storefronts' way to the product-apis. */
export function gateway(settings: Settings): Service {
  return {
    ...loadBalancer(settings, 'gateway', { 'product-api': settings.productApiPort }),
    replicas: settings.gatewayReplicas,
  };
}

/** nginx in front of `targets` (service → port); its files are reloaded in place, so a release never restarts it. */
function loadBalancer(
  settings: Settings,
  name: 'edge' | 'gateway',
  targets: Record<string, number>,
  more: readonly FileEntry[] = [],
): Service {
  return {
    name,
    image: { kind: 'pulled', reference: settings.nginxImage },
    command: ['sh', '/etc/product-stack/common/run.sh'],
    env: {},
    user: '101:101',
    tmpfs: tmpfs(64),
    volumes: [],
    files: {
      target: '/etc/product-stack',
      entries: [
        { path: 'common', source: 'nginx/common' },
        { path: name, source: `nginx/${name}` },
        { path: 'nginx.conf', source: `nginx/${name}/nginx.conf` },
        { path: 'settings/upstreams.conf', content: upstreams(targets) + counting(settings.metrics, 'http') },
        { path: 'settings/workers.conf', content: workers(cpus) + counting(settings.metrics, 'main') },
        ...(settings.metrics ? [{ path: 'metrics', source: 'nginx/metrics' }] : []),
        ...more,
      ],
      check: ['nginx', '-t', '-q', '-c', '/etc/product-stack/nginx.conf'],
    },
    secrets: [],
    memoryMiB: 128,
    cpus,
    after: [],
    replicas: 1,
    port: nginxPort,
    health: nginxHealth(healthPort),
    stopGraceSeconds: 30,
    rollout: { order: 'stop-first' },
    publish: [],
  };
}
