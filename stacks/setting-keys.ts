import { bucketName, folderInBucket, httpsAddress, regionName, secretKey } from './bucket-kinds.ts';
import { databaseUrl } from './database-url.ts';
import {
  cronSchedule,
  dataVolumeName,
  decimal,
  environment,
  fileMask,
  flag,
  hostNames,
  hostFolder,
  hostPort,
  imageReference,
  ipv4Address,
  oneOf,
  pem,
  registryAddress,
  urlPath,
  userId,
  whole,
  type Kind,
} from './setting-kinds.ts';

/** One configuration key: its kind, its default, and what it does. */
export interface Key<T> {
  readonly kind: Kind<T>;
  /** Used when the stack does not set the key; undefined means "off" or "ours". */
  readonly default: T | undefined;
  readonly help: string;
  /** What `pulumi up` does when the value changes. */
  readonly changes: string;
}

function key<T>(kind: Kind<T>, fallback: T, help: string, changes: string): Key<T> & { default: T };
function key<T>(kind: Kind<T>, fallback: undefined, help: string, changes: string): Key<T>;
function key<T>(kind: Kind<T>, fallback: T | undefined, help: string, changes: string): Key<T> {
  return { kind, default: fallback, help, changes };
}

const port = hostPort;
const memory = (example: number) => whole(32, 262144, example);

/** Every key of `pulumi config`, in the order of the README's table. The only place that knows them. */
export const keys = {
  replicas: key(whole(1, 50, 3), 3, 'product-api replicas', 'adds or removes replicas'),
  storefrontReplicas: key(whole(1, 50, 2), 2, 'storefront replicas', 'adds or removes replicas'),
  gatewayReplicas: key(
    whole(1, 50, 2),
    1,
    'gateway replicas; one is enough on one machine, where nginx reloads in place',
    'adds or removes replicas',
  ),
  bindAddress: key(ipv4Address(), '127.0.0.1', 'host address that edge listens on', 'replaces edge'),
  httpPort: key(port(8080), 8080, 'host port for http', 'replaces edge'),
  httpsPort: key(port(8443), 8443, 'host port for https', 'replaces edge'),
  tlsCertificate: key(
    pem('CERTIFICATE', './certificate.pem'),
    undefined,
    'your own certificate, with what leads to its root; else one is self-signed',
    'reloads edge',
  ),
  tlsKey: key(
    pem('(EC |RSA )?PRIVATE KEY', '--secret <key.pem'),
    undefined,
    "your certificate's private key; as text it must be a secret",
    'reloads edge',
  ),
  redirectHttp: key(flag(), false, 'answer http with a redirect to https', 'reloads edge'),
  hsts: key(
    whole(0, 63_072_000, 31_536_000),
    0,
    'seconds for which browsers must stay on https; 0 is off',
    'reloads edge',
  ),
  hosts: key(
    hostNames(),
    [],
    'host names that edge answers to, and that a self-signed certificate is for; none: every name',
    'reloads edge',
  ),
  rateLimit: key(
    whole(0, 100_000, 50),
    0,
    'requests per second that one client address may send; 0 is off',
    'reloads edge',
  ),
  edgeCacheSeconds: key(
    whole(0, 60, 5),
    0,
    'how old an answer of the API to a read may be that edge gives to everybody, 2 or more; 0 is off',
    'reloads edge',
  ),
  catalogueSize: key(
    whole(0, 1000000, 5000),
    0,
    'products of the dummy catalogue, loaded once',
    'runs the migration job',
  ),
  productApiImage: key(
    imageReference(),
    undefined,
    'your own product-api instead of a build',
    'rolls product-api',
  ),
  productApiPort: key(
    whole(1, 65535, 8080),
    8080,
    'port that your product-api listens on',
    'rolls product-api',
  ),
  productApiHealthPath: key(
    urlPath(),
    undefined,
    'path of your product-api that answers 200 when it is ready',
    'rolls product-api',
  ),
  productApiEnv: key(
    environment(),
    {},
    'more environment for product-api; docker inspect shows it, so no secrets',
    'rolls product-api',
  ),
  productApiMemory: key(
    memory(256),
    256,
    'memory limit of one product-api, MiB',
    'updates product-api in place',
  ),
  productApiCpus: key(
    decimal(0.05, 64, 1),
    1,
    'CPU limit of one product-api; ours is one process, so more replicas use more CPUs',
    'rolls product-api',
  ),
  storefrontImage: key(
    imageReference(),
    undefined,
    'your own storefront instead of a build',
    'rolls storefront',
  ),
  storefrontPort: key(
    whole(1, 65535, 8080),
    8080,
    'port that your storefront listens on',
    'rolls storefront',
  ),
  storefrontHealthPath: key(
    urlPath(),
    undefined,
    'path of your storefront that answers 200 when it is ready',
    'rolls storefront',
  ),
  storefrontEnv: key(
    environment(),
    {},
    'more environment for storefront; docker inspect shows it, so no secrets',
    'rolls storefront',
  ),
  storefrontMemory: key(
    memory(256),
    256,
    'memory limit of one storefront, MiB',
    'updates storefront in place',
  ),
  storefrontCpus: key(decimal(0.05, 64, 1), 1, 'CPU limit of one storefront', 'rolls storefront'),
  databaseUrl: key(
    databaseUrl(),
    undefined,
    'a managed Postgres instead of ours; must be a secret, and is verified by TLS: docs/managed-postgres.md',
    'rolls product-api; our Postgres goes, its data stays',
  ),
  databaseOwnerUrl: key(
    databaseUrl(),
    undefined,
    'the same database as the role that owns it, for migrations alone; else the role of databaseUrl does both',
    'runs the migration job',
  ),
  databaseCa: key(
    pem('CERTIFICATE', './database-ca.pem'),
    undefined,
    'certificate that vouches for the managed Postgres; else one that Node.js trusts must',
    'rolls product-api',
  ),
  databaseMemory: key(memory(512), 512, 'memory limit of Postgres, MiB', 'restarts Postgres'),
  databaseCpus: key(decimal(0.05, 64, 1), 2, 'CPU limit of Postgres', 'restarts Postgres'),
  databasePoolSize: key(
    whole(1, 200, 6),
    6,
    'connections of one product-api to Postgres',
    'rolls product-api',
  ),
  databasePasswordVersion: key(
    whole(1, 999_999, 2),
    1,
    "counts the application's passwords; one more makes a new one",
    'changes the password of the running database',
  ),
  databaseMaxConnections: key(
    whole(10, 2000, 300),
    300,
    'connections that Postgres accepts, ours or the managed one',
    'restarts Postgres',
  ),
  databaseVolume: key(
    dataVolumeName(),
    'database-data',
    'volume that Postgres keeps its data in; npm run restore changes it',
    'restarts Postgres on other data',
  ),
  'backup.schedule': key(
    cronSchedule(),
    undefined,
    'when backups are made: minute hour day month weekday, in UTC; else there are none',
    'adds or replaces backup',
  ),
  'backup.keepLast': key(
    whole(1, 1000, 7),
    7,
    'backups that are kept however old they are',
    'replaces backup',
  ),
  'backup.keepDaily': key(whole(0, 1000, 7), 7, 'days of which the newest backup is kept', 'replaces backup'),
  'backup.keepWeekly': key(
    whole(0, 1000, 4),
    4,
    'weeks of which the newest backup is kept',
    'replaces backup',
  ),
  'backup.keepMonthly': key(
    whole(0, 1000, 6),
    6,
    'months of which the newest backup is kept',
    'replaces backup',
  ),
  'backup.encryptTo': key(
    pem('CERTIFICATE', './backup-certificate.pem'),
    undefined,
    'certificate whose private key alone opens the backups; else they are not encrypted',
    'applies to the next backup',
  ),
  'backup.folder': key(
    hostFolder(),
    undefined,
    'folder of the host that backups are kept in, such as one of another disk; else a volume',
    'replaces backup',
  ),
  'backup.s3.endpoint': key(
    httpsAddress(),
    undefined,
    'S3-compatible storage that every backup is copied to as well, by https',
    'adds or replaces backup-upload',
  ),
  'backup.s3.bucket': key(bucketName(), undefined, 'bucket for them', 'adds or replaces backup-upload'),
  'backup.s3.prefix': key(
    folderInBucket(),
    undefined,
    "folder in the bucket; else the stack's name",
    'replaces backup-upload',
  ),
  'backup.s3.region': key(
    regionName(),
    'us-east-1',
    'region of the bucket; most storage that is not Amazon’s takes any',
    'replaces backup-upload',
  ),
  'backup.s3.accessKey': key(
    secretKey(),
    undefined,
    'who may put and read, and need not delete; a secret',
    'applies to the next upload',
  ),
  'backup.s3.secretKey': key(
    secretKey(),
    undefined,
    'the key that belongs to it; a secret',
    'applies to the next upload',
  ),
  'backup.s3.ca': key(
    pem('CERTIFICATE', './s3-ca.pem'),
    undefined,
    'certificate that vouches for the endpoint; else a public authority must',
    'replaces backup-upload',
  ),
  'backup.s3.image': key(
    imageReference(),
    'rclone/rclone:1.76.0',
    'image of what copies them',
    'replaces backup-upload',
  ),
  'backup.pointInTime': key(
    flag(),
    false,
    'keep all that Postgres writes as well: npm run restore -- --time goes back to any second',
    'adds wal-archive',
  ),
  'backup.pointInTimeDays': key(whole(1, 365, 7), 7, 'days for which that is kept', 'replaces wal-archive'),
  metrics: key(
    flag(),
    false,
    'a metrics store with dashboards and alerts, and what it reads from every service',
    'adds metrics, and replaces what it reads',
  ),
  'metrics.address': key(
    ipv4Address(),
    '127.0.0.1',
    'host address that the dashboards are on; they have no password',
    'replaces metrics',
  ),
  'metrics.port': key(port(8428), 8428, 'host port of the dashboards', 'replaces metrics'),
  'metrics.keepDays': key(whole(1, 3650, 30), 15, 'days that metrics are kept', 'replaces metrics'),
  'metrics.diskMiB': key(
    whole(64, 1_000_000, 8192),
    4096,
    'room that the metrics of keepDays may take; it limits how many series there may be',
    'replaces metrics',
  ),
  'metrics.storeImage': key(
    imageReference(),
    'victoriametrics/victoria-metrics:v1.148.8',
    'image of the metrics store',
    'replaces metrics',
  ),
  'metrics.alertsImage': key(
    imageReference(),
    'victoriametrics/vmalert:v1.148.8',
    'image of what evaluates the alerts',
    'replaces alerts',
  ),
  'metrics.postgresImage': key(
    imageReference(),
    'prometheuscommunity/postgres-exporter:v0.19.1',
    'image of what reads the metrics of Postgres',
    'replaces database-metrics',
  ),
  'metrics.dockerGroup': key(
    whole(1, 999_999_999, 999),
    undefined,
    'gid of /var/run/docker.sock on the engine: lets one more container read what each container uses; see docs/metrics.md',
    'adds or replaces container-metrics',
  ),
  'import.mariadbImage': key(
    imageReference(),
    'mariadb:11.8',
    'image of the MariaDB that npm run import unpacks a MySQL dump in',
    'nothing',
  ),
  'import.converterImage': key(
    imageReference(),
    'dimitri/pgloader:v3.6.7',
    'image of pgloader, which brings it from there to Postgres',
    'nothing',
  ),
  nodeImage: key(imageReference(), 'node:24-alpine', 'base image of the apps', 'rolls the apps'),
  nginxImage: key(
    imageReference(),
    'nginx:1.30-alpine',
    'image of edge and gateway',
    'replaces edge and gateway',
  ),
  postgresImage: key(imageReference(), 'postgres:18-trixie', 'image of Postgres', 'restarts Postgres'),
  dev: key(
    flag(),
    false,
    'local development: sources live from this checkout, debuggers and Postgres on loopback ports',
    'replaces everything but the data',
  ),
  devUser: key(
    userId(),
    undefined,
    'uid:gid that dev runs as and that owns what it makes; default: whoever runs up',
    'replaces the dev services',
  ),
  devUmask: key(fileMask(), '022', 'umask of the apps in dev', 'rolls the apps'),
  devProductApiDebugPort: key(
    hostPort(9229),
    9229,
    'loopback port of product-api’s debugger in dev; each further replica has the next one',
    'replaces product-api',
  ),
  devStorefrontDebugPort: key(
    hostPort(9329),
    9329,
    'loopback port of storefront’s debugger in dev; each further replica has the next one',
    'replaces storefront',
  ),
  devDatabasePort: key(hostPort(5433), 5433, 'loopback port of Postgres in dev', 'restarts Postgres'),
  engine: key(
    oneOf('docker', 'swarm'),
    'docker',
    'what the stack runs on: one Docker engine, or the nodes of a Swarm; see docs/swarm.md',
    'is another stack: data does not move by itself',
  ),
  registry: key(
    registryAddress(),
    undefined,
    'where images that a Swarm stack builds are pushed to, and every node pulls them from',
    'rolls the apps',
  ),
  overlayEncryption: key(
    flag(),
    true,
    'encrypt what goes from node to node of a Swarm',
    'replaces the networks, and what is on them',
  ),
  waitSeconds: key(
    whole(10, 3600, 120),
    120,
    'how long up waits for a container to become healthy',
    'nothing',
  ),
} as const;

export type Keys = typeof keys;
export type KeyName = keyof Keys;
