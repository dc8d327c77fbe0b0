import * as pulumi from '@pulumi/pulumi';
import { watchDeployment } from '../engine/deployment-watch.ts';
import { DockerCli } from '../engine/docker-cli.ts';
import { unservedServices } from '../engine/first-release.ts';
import { preflight } from '../engine/preflight.ts';
import { stackPrefix } from './labels.ts';
import { ProductStack } from './product-stack.ts';
import type { Settings } from './settings.ts';
import type { Topology } from './topology.ts';
import { userError } from './user-error.ts';

/** Checks the engine, watches the deployment while it runs, and declares the product on it. */
export async function deployOnEngine(
  topology: Topology,
  settings: Settings,
): Promise<Deployed<ProductStack>> {
  const { stack, waitSeconds, bindAddress } = settings;
  const unserved = await useEngine(topology, waitSeconds);
  const options = { prefix: stackPrefix(stack), waitSeconds, unserved };
  return {
    stack: new ProductStack(topology, options),
    address: bindAddress,
    metricsAddress: settings['metrics.address'],
  };
}

/** What was declared, and the addresses that it and its metrics answer on. */
export interface Deployed<Stack> {
  readonly stack: Stack;
  readonly address: string;
  readonly metricsAddress: string;
}

/** Before anything is declared. Returns the services that have no replica yet. */
async function useEngine(topology: Topology, waitSeconds: number): Promise<ReadonlySet<string>> {
  const host = new pulumi.Config('docker').get('host');
  const docker = new DockerCli(host);
  const local = (host ?? process.env['DOCKER_HOST'] ?? 'unix:').startsWith('unix:');
  const [{ problems, warnings }, unserved] = await Promise.all([
    preflight(topology, docker, local),
    // Whose engine does not answer is told so by the other.
    unservedServices(topology, docker).catch(() => new Set<string>()),
  ]);
  if (problems.length > 0) throw userError(problems);
  for (const warning of warnings) await pulumi.log.warn(warning);
  const report = (message: string) => void pulumi.log.error(message);
  if (!pulumi.runtime.isDryRun()) watchDeployment({ topology, waitSeconds, unserved, report }, docker);
  return unserved;
}
