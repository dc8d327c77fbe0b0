import * as pulumi from '@pulumi/pulumi';
import { machineOf, releaseWarnings } from '../engine/capacity.ts';
import { watchDeployment } from '../engine/deployment-watch.ts';
import { DockerCli } from '../engine/docker-cli.ts';
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
  await useEngine(topology, waitSeconds);
  const options = { prefix: stackPrefix(stack), waitSeconds };
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

/** Before anything is declared. */
async function useEngine(topology: Topology, waitSeconds: number): Promise<void> {
  const host = new pulumi.Config('docker').get('host');
  const docker = new DockerCli(host);
  const local = (host ?? process.env['DOCKER_HOST'] ?? 'unix:').startsWith('unix:');
  const problems = await preflight(topology, docker, local);
  if (problems.length > 0) throw userError(problems);
  const warnings = releaseWarnings(topology, await machineOf(docker));
  for (const warning of warnings) await pulumi.log.warn(warning);
  if (!pulumi.runtime.isDryRun()) {
    watchDeployment(topology.stack, docker, waitSeconds, (message) => void pulumi.log.error(message));
  }
}
