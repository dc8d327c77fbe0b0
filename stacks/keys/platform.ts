import {
  fileMask,
  flag,
  hostPort,
  imageReference,
  oneOf,
  registryAddress,
  userId,
  whole,
} from '../setting-kinds.ts';
import { key } from './key.ts';

/** What the stack runs on: images, local development, the engine. */
export const platformKeys = {
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
