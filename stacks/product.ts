import { candidateHealth, httpHealth, nginxHealth, postgresHealth, type HttpHealth } from './health.ts';
import { upstreams, workers } from './nginx-settings.ts';
import type { Settings } from './settings.ts';
import type { BuiltImage, HealthCheck, Image, Job, Link, Rollout, Service, Topology } from './topology.ts';

/**
 * The product of one stack. Read the two pictures here: nginx in front of the product-apis (edge → product-api), and the whole
 * chain (edge → storefront → gateway → product-api → database).
 */
export function productTopology(settings: Settings): Topology {
  return {
    stack: settings.stack,
    services: [
      edge(settings),
      storefront(settings),
      gateway(settings),
      productApi(settings),
      database(settings),
    ],
    jobs: [migrate(settings)],
    links: links(),
    volumes: [{ name: 'database-data' }],
    passwords: ['database-superuser-password', 'database-owner-password', 'database-app-password'].map(
      (name) => ({
        name,
        length: 32,
      }),
    ),
  };
}

function links(): Link[] {
  return [
    { from: 'edge', to: 'storefront' },
    { from: 'edge', to: 'product-api' },
    { from: 'storefront', to: 'gateway' },
    { from: 'gateway', to: 'product-api' },
    { from: 'product-api', to: 'database' },
    { from: 'migrate', to: 'database' },
  ];
}

const nginxPort = 8080;
const healthPort = 8081;
const appUser = '10001:10001';
const tmp = { '/tmp': 'rw,noexec,nosuid,nodev,size=16m,mode=1777' };

function edge(settings: Settings): Service {
  const { bindAddress: address, httpPort: hostPort } = settings;
  return {
    ...loadBalancer(settings, 'edge', {
      storefront: settings.storefrontPort,
      'product-api': settings.productApiPort,
    }),
    publish: [{ address, hostPort, containerPort: nginxPort }],
  };
}

function gateway(settings: Settings): Service {
  return loadBalancer(settings, 'gateway', { 'product-api': settings.productApiPort });
}

/** nginx in front of `targets` (service → port); its files are reloaded in place, so a release never restarts it. */
function loadBalancer(
  settings: Settings,
  name: 'edge' | 'gateway',
  targets: Record<string, number>,
): Service {
  return {
    name,
    image: { kind: 'pulled', reference: settings.nginxImage },
    command: ['sh', '/etc/product-stack/common/run.sh'],
    env: {},
    user: '101:101',
    tmpfs: { '/tmp': 'rw,noexec,nosuid,nodev,size=64m,mode=1777' },
    volumes: [],
    files: {
      target: '/etc/product-stack',
      entries: [
        { path: 'common', source: 'nginx/common' },
        { path: name, source: `nginx/${name}` },
        { path: 'nginx.conf', source: `nginx/${name}/nginx.conf` },
        { path: 'settings/upstreams.conf', content: upstreams(targets) },
        { path: 'settings/workers.conf', content: workers(1) },
      ],
      check: ['nginx', '-t', '-q', '-c', '/etc/product-stack/nginx.conf'],
    },
    secrets: [],
    memoryMiB: 128,
    cpus: 1,
    after: [],
    replicas: 1,
    port: nginxPort,
    health: nginxHealth(healthPort),
    stopGraceSeconds: 30,
    rollout: { order: 'stop-first' },
    publish: [],
  };
}

function storefront(settings: Settings): Service {
  const health = { port: settings.storefrontPort, ...healthPaths(settings.storefrontHealthPath) };
  return {
    ...app('storefront', settings, settings.storefrontImage, health),
    env: {
      API_URL: `http://gateway:${nginxPort}`,
      HOST: '0.0.0.0',
      PORT: String(settings.storefrontPort),
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

function productApi(settings: Settings): Service {
  const health = { port: settings.productApiPort, ...healthPaths(settings.productApiHealthPath) };
  return {
    ...app('product-api', settings, settings.productApiImage, health),
    env: {
      ...databaseEnv('product_app', 'database-app-password'),
      DATABASE_POOL_SIZE: String(settings.databasePoolSize),
      HOST: '0.0.0.0',
      PORT: String(settings.productApiPort),
      ...settings.productApiEnv,
    },
    secrets: ['database-app-password'],
    memoryMiB: settings.productApiMemory,
    cpus: settings.productApiCpus,
    after: ['migrate'],
    replicas: settings.replicas,
    port: settings.productApiPort,
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
    tmpfs: tmp,
    volumes: [],
    health: httpHealth(health) satisfies HealthCheck,
    stopGraceSeconds: 15,
    rollout: { order: 'start-first', candidate: candidateHealth(health) } satisfies Rollout,
    publish: [],
  };
}

function healthPaths(own: string | undefined): { ready: string; alive: string } {
  return own === undefined ? { ready: '/readyz', alive: '/healthz' } : { ready: own, alive: own };
}

function builtApp(target: 'storefront' | 'product-api' | 'migrate', settings: Settings): BuiltImage {
  return {
    kind: 'built',
    name: target,
    context: 'apps',
    target,
    args: { NODE_IMAGE: settings.nodeImage },
    sources: ['Dockerfile', 'package.json', 'package-lock.json', 'tsconfig.json', 'kit', target],
  };
}

function databaseEnv(user: string, passwordName: string): Record<string, string> {
  return {
    DATABASE_HOST: 'database',
    DATABASE_NAME: 'product',
    DATABASE_PASSWORD_FILE: `/run/secrets/${passwordName}`,
    DATABASE_PORT: '5432',
    DATABASE_USER: user,
  };
}

function migrate(settings: Settings): Job {
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
    tmpfs: tmp,
    volumes: [],
    secrets: ['database-owner-password'],
    memoryMiB: 256,
    cpus: 1,
    after: ['database'],
    timeoutSeconds: Math.max(settings.waitSeconds, 300),
  };
}

function database(settings: Settings): Service {
  return {
    name: 'database',
    image: { kind: 'pulled', reference: settings.postgresImage },
    command: ['bash', '/etc/product-stack/serve.sh', ...postgresOptions(settings)],
    env: {
      POSTGRES_INITDB_ARGS: '--auth-local=peer --auth-host=scram-sha-256 --data-checksums',
      POSTGRES_PASSWORD_FILE: '/run/secrets/database-superuser-password',
    },
    user: '999:999',
    tmpfs: { ...tmp, '/var/run/postgresql': 'rw,noexec,nosuid,nodev,size=1m,mode=0755,uid=999,gid=999' },
    volumes: [{ volume: 'database-data', target: dataFolder(settings.postgresImage) }],
    files: {
      target: '/etc/product-stack',
      entries: [
        { path: 'roles.sql', source: 'database/roles.sql' },
        { path: 'serve.sh', source: 'database/serve.sh' },
      ],
    },
    secrets: ['database-app-password', 'database-owner-password', 'database-superuser-password'],
    memoryMiB: settings.databaseMemory,
    cpus: settings.databaseCpus,
    shmMiB: 128,
    after: [],
    replicas: 1,
    port: 5432,
    health: postgresHealth('product'),
    stopGraceSeconds: 60,
    rollout: { order: 'stop-first' },
    publish: [],
  };
}

/** Postgres options that follow from the settings; a quarter of the memory is its cache, as its manual advises. */
function postgresOptions(settings: Settings): string[] {
  const options = {
    max_connections: settings.databaseMaxConnections,
    shared_buffers: `${Math.max(16, Math.floor(settings.databaseMemory / 4))}MB`,
    password_encryption: 'scram-sha-256',
    log_min_duration_statement: '500ms',
  };
  return Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Since 18 the official image keeps its data a level deeper and wants the parent mounted (docker-library/postgres#1259). */
function dataFolder(reference: string): string {
  const major = Number(/:(\d+)/.exec(reference)?.[1] ?? 18);
  return major >= 18 ? '/var/lib/postgresql' : '/var/lib/postgresql/data';
}
