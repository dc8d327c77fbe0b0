import { decimal, environment, imageReference, urlPath, whole } from '../setting-kinds.ts';
import { key, memory } from './key.ts';

/** How many there are of each, and the user's own apps. */
export const appsKeys = {
  replicas: key(whole(1, 50, 3), 3, 'product-api replicas', 'adds or removes replicas'),
  storefrontReplicas: key(whole(1, 50, 2), 2, 'storefront replicas', 'adds or removes replicas'),
  gatewayReplicas: key(
    whole(1, 50, 2),
    1,
    'gateway replicas; one is enough on one machine, where nginx reloads in place',
    'adds or removes replicas',
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
} as const;
