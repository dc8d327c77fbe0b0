import { migrate, productApi, storefront } from './apps.ts';
import { database } from './database.ts';
import { edge, gateway } from './load-balancers.ts';
import type { Settings } from './settings.ts';
import type { Link, Topology } from './topology.ts';

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
