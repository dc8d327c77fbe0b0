import { managedAccess, ownAccess, type DatabaseAccess } from './database-access.ts';
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
  const database = managedAccess(settings, 'app') ?? applicationAccess();
  return {
    ...app('product-api', settings, settings.productApiImage, health),
    ...database,
    env: {
      ...database.env,
      DATABASE_POOL_SIZE: String(settings.databasePoolSize),
      HOST: '0.0.0.0',
      PORT: String(settings.productApiPort),
      ...metricsEnv(settings, 'productApi'),
      ...settings.productApiEnv,
    },
    memoryMiB: settings.productApiMemory,
    cpus: settings.productApiCpus,
    after: ['migrate'],
    replicas: settings.replicas,
    port: settings.productApiPort,
  };
}

/** While the password is being rotated, Postgres may know only the previous one. */
function applicationAccess(): DatabaseAccess {
  const { env, secrets } = ownAccess('product_app', 'database-app-password');
  const previous = 'database-app-password-previous';
  return {
    env: { ...env, DATABASE_PREVIOUS_PASSWORD_FILE: `/run/secrets/${previous}` },
    secrets: [...secrets, previous],
  };
}

/** Migrations and the dummy catalogue, once per release, before any new product-api. */
export function migrate(settings: Settings): Job {
  const database = managedAccess(settings, 'owner') ?? ownAccess('product_owner', 'database-owner-password');
  return {
    ...database,
    name: 'migrate',
    image: builtApp('migrate', settings),
    command: ['node', 'migrate/main.js'],
    env: {
      ...database.env,
      CATALOGUE_SIZE: String(settings.catalogueSize),
      DATABASE_APP_ROLE: settings.databaseUrl?.user ?? 'product_app',
    },
    user: appUser,
    tmpfs: tmpfs(16),
    volumes: [],
    memoryMiB: 256,
    cpus: 1,
    after: settings.databaseUrl ? [] : ['database'],
    patient: true,
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
    sources: ['Dockerfile', 'package.json', 'package-lock.json', 'tsconfig.json', 'build.mjs', 'kit', target],
  };
}
