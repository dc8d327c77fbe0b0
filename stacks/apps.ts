import { databaseEnv } from './database.ts';
import { candidateHealth, httpHealth, type HttpHealth } from './health.ts';
import { nginxPort } from './load-balancers.ts';
import { appMetricsPort, showsMetrics } from './metrics/targets.ts';
import type { Settings } from './settings.ts';
import { tmpfs } from './tmpfs.ts';
import type { BuiltImage, HealthCheck, Image, Job, Rollout, Service } from './topology.ts';

/** Uid and gid of our apps; no account has it. */
const appUser = '10001:10001';

/** The shop; it only talks to gateway. */
export function storefront(settings: Settings): Service {
  const health = { port: settings.storefrontPort, ...healthPaths(settings.storefrontHealthPath) };
  return {
    ...app('storefront', settings, settings.storefrontImage, health),
    env: {
      API_URL: `http://gateway:${nginxPort}`,
      HOST: '0.0.0.0',
      PORT: String(settings.storefrontPort),
      ...metricsEnv(settings, 'storefront'),
      ...settings.storefrontEnv,
    },
    secrets: [],
    memoryMiB: settings.storefrontMemory,
    cpus: settings.storefrontCpus,
    after: [],
    replicas: settings.storefrontReplicas,
    port: settings.storefrontPort,
  };
}

/** The ProductAPI. */
export function productApi(settings: Settings): Service {
  const health = { port: settings.productApiPort, ...healthPaths(settings.productApiHealthPath) };
  return {
    ...app('product-api', settings, settings.productApiImage, health),
    env: {
      ...databaseEnv('product_app', 'database-app-password'),
      DATABASE_POOL_SIZE: String(settings.databasePoolSize),
      DATABASE_PREVIOUS_PASSWORD_FILE: '/run/secrets/database-app-password-previous',
      HOST: '0.0.0.0',
      PORT: String(settings.productApiPort),
      ...metricsEnv(settings, 'productApi'),
      ...settings.productApiEnv,
    },
    secrets: ['database-app-password', 'database-app-password-previous'],
    memoryMiB: settings.productApiMemory,
    cpus: settings.productApiCpus,
    after: ['migrate'],
    replicas: settings.replicas,
    port: settings.productApiPort,
  };
}

/** Migrations and the dummy catalogue, once per release, before any new product-api. */
export function migrate(settings: Settings): Job {
  return {
    name: 'migrate',
    image: builtApp('migrate', settings),
    command: ['node', 'migrate/main.js'],
    env: {
      ...databaseEnv('product_owner', 'database-owner-password'),
      CATALOGUE_SIZE: String(settings.catalogueSize),
      DATABASE_APP_ROLE: 'product_app',
    },
    user: appUser,
    tmpfs: tmpfs(16),
    volumes: [],
    secrets: ['database-owner-password'],
    memoryMiB: 256,
    cpus: 1,
    after: ['database'],
    timeoutSeconds: Math.max(settings.waitSeconds, 300),
  };
}

function app(
  name: 'storefront' | 'product-api',
  settings: Settings,
  ownImage: string | undefined,
  health: HttpHealth,
) {
  return {
    name,
    image:
      ownImage === undefined
        ? builtApp(name, settings)
        : ({ kind: 'pulled', reference: ownImage } satisfies Image),
    user: appUser,
    tmpfs: tmpfs(16),
    volumes: [],
    health: httpHealth(health) satisfies HealthCheck,
    stopGraceSeconds: 15,
    rollout: { order: 'start-first', candidate: candidateHealth(health) } satisfies Rollout,
    publish: [],
  };
}

function metricsEnv(settings: Settings, app: 'storefront' | 'productApi'): Record<string, string> {
  return showsMetrics(settings, app) ? { METRICS_PORT: String(appMetricsPort) } : {};
}

function healthPaths(own: string | undefined): { ready: string; alive: string } {
  return own === undefined ? { ready: '/readyz', alive: '/healthz' } : { ready: own, alive: own };
}

/** An image of apps/, by the Dockerfile's stage. */
export function builtApp(
  target: 'storefront' | 'product-api' | 'migrate' | 'container-metrics',
  settings: Settings,
): BuiltImage {
  return {
    kind: 'built',
    name: target,
    context: 'apps',
    target,
    args: { NODE_IMAGE: settings.nodeImage },
    sources: ['Dockerfile', 'package.json', 'package-lock.json', 'tsconfig.json', 'kit', target],
  };
}
