import './stacks/lighter-sdk.ts';
import * as pulumi from '@pulumi/pulumi';
import { debugAddresses } from './stacks/dev.ts';
import { deployOnEngine } from './stacks/engine.ts';
import { productTopology } from './stacks/product.ts';
import { readSettings } from './stacks/stack-config.ts';
import { deployOnSwarm } from './stacks/swarm/deploy.ts';

const settings = readSettings();
const topology = productTopology(settings);
const deploy = settings.engine === 'swarm' ? deployOnSwarm : deployOnEngine;
const { stack, address, metricsAddress } = await deploy(topology, settings);

/** Where the product answers. */
export const url = `http://${address}:${settings.httpPort}`;

/** The same by https, with a self-signed certificate unless you gave one. */
export const httpsUrl = `https://${address}:${settings.httpsPort}`;

/** Where a person looks at metrics and alerts, where the stack has any. */
export const dashboards = settings.metrics
  ? `http://${metricsAddress}:${settings['metrics.port']}/vmui/#/dashboards`
  : undefined;

/** Debuggers by app, in local development: where an editor attaches. */
export const debuggers = settings.dev ? debugAddresses(topology) : undefined;

/** What psql connects to, in local development on our own Postgres; secret. */
export const databaseUrl =
  settings.dev && !settings.databaseUrl
    ? pulumi.interpolate`postgres://product_owner:${stack.password('database-owner-password')}@127.0.0.1:${settings.devDatabasePort}/product`
    : undefined;

/** Replicas by service. */
export const replicas = Object.fromEntries(topology.services.map(({ name, replicas }) => [name, replicas]));

/** Image versions by service: a reference, or the hash of the sources that it was built from. */
export const versions = stack.versions;
