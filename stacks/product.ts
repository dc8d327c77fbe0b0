import { migrate, productApi, storefront } from './apps.ts';
import { backupUpload, uploadPasswords } from './backup-upload.ts';
import { backupLinks, backupPasswords, backups, backupVolumes } from './backup.ts';
import { databaseLinks, managedPasswords } from './database-access.ts';
import { database } from './database.ts';
import { edge, gateway } from './load-balancers.ts';
import { inDev } from './dev.ts';
import { allMetricsPasswords, metrics, metricsLinks, metricsVolumes } from './metrics/services.ts';
import type { Settings } from './settings.ts';
import type { Certificate, DataVolume, Link, Password, Topology } from './topology.ts';

/**
 * The product of one stack. Read the two pictures here: nginx in front of the product-apis (edge → product-api), and the whole
 * chain (edge → storefront → gateway → product-api → database). Local development differs in what stacks/dev.ts says.
 */
export function productTopology(settings: Settings): Topology {
  return {
    stack: settings.stack,
    services: [
      edge(settings),
      storefront(settings),
      gateway(settings),
      productApi(settings),
      ...(settings.databaseUrl ? [] : [database(settings)]),
      ...backups(settings),
      ...backupUpload(settings),
      ...metrics(settings),
    ].map((service) => inDev(service, settings)),
    jobs: [migrate(settings)],
    links: [...links(settings), ...backupLinks(settings), ...metricsLinks(settings)],
    volumes: [...databaseVolumes(settings), ...backupVolumes(settings), ...metricsVolumes(settings)],
    passwords: passwords(settings),
    certificates: [certificate(settings)],
  };
}

function links(settings: Settings): Link[] {
  return [
    { from: 'edge', to: 'storefront' },
    { from: 'edge', to: 'product-api' },
    { from: 'storefront', to: 'gateway' },
    { from: 'gateway', to: 'product-api' },
    ...databaseLinks(settings, 'product-api', 'migrate'),
  ];
}

function databaseVolumes({ databaseUrl, databaseVolume }: Settings): DataVolume[] {
  return databaseUrl ? [] : [{ name: databaseVolume }];
}

function passwords(settings: Settings): Password[] {
  return [
    ...(settings.databaseUrl ? managedPasswords(settings) : ownPasswords(settings)),
    ...backupPasswords(settings),
    ...uploadPasswords(settings),
    ...allMetricsPasswords(settings),
  ];
}

/**
 * The application's password can be rotated: two are kept, and they take turns in being the current one, so that a client that
 * still has the other is let in until the database has changed over.
 */
function ownPasswords({ databasePasswordVersion: version }: Settings): Password[] {
  const application = (name: string, version: number): Password => ({
    name,
    length: 32,
    kept: { as: `database-app-password-${version % 2 ? 'odd' : 'even'}`, generation: version },
    checkedBy: 'database',
  });
  return [
    { name: 'database-superuser-password', length: 32 },
    { name: 'database-owner-password', length: 32 },
    application('database-app-password', version),
    application('database-app-password-previous', version - 1),
  ];
}

function certificate({ hosts, bindAddress, tlsCertificate, tlsKey }: Settings): Certificate {
  const own = tlsCertificate && tlsKey ? { own: { certificate: tlsCertificate, key: tlsKey } } : {};
  const addresses = [...new Set(['127.0.0.1', bindAddress])].filter((address) => address !== '0.0.0.0');
  return { name: 'edge', hosts: [...hosts, 'localhost', ...addresses], ...own };
}
