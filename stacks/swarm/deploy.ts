import * as pulumi from '@pulumi/pulumi';
import type { Rollouts } from '../../components/swarm/context.ts';
import { unfitFiles } from '../../components/swarm/swarm-files.ts';
import { releaseWarnings } from '../../engine/capacity.ts';
import { DockerCli } from '../../engine/docker-cli.ts';
import { addressOf, roomOf, swarmNodes, swarmProblems } from '../../engine/swarm/nodes.ts';
import { RolloutError, SwarmRollouts } from '../../engine/swarm/rollouts.ts';
import type { Deployed } from '../engine.ts';
import { nodeLabels, stackPrefix } from '../labels.ts';
import type { Settings } from '../settings.ts';
import type { Topology } from '../topology.ts';
import { userError } from '../user-error.ts';
import { SwarmStack } from './swarm-stack.ts';

/** Checks the Swarm before anything is declared, and then declares the product on it. */
export async function deployOnSwarm(topology: Topology, settings: Settings): Promise<Deployed<SwarmStack>> {
  const docker = new DockerCli(new pulumi.Config('docker').get('host'));
  const problems = [
    ...registryProblem(settings),
    ...unfitFiles(topology),
    ...(await swarmProblems(topology, docker)),
  ];
  if (problems.length > 0) throw userError(problems);
  const nodes = await swarmNodes(docker);
  const warnings = releaseWarnings(topology, roomOf(nodes));
  for (const warning of warnings) await pulumi.log.warn(warning);
  const stack = new SwarmStack(topology, {
    prefix: stackPrefix(settings.stack),
    registry: settings.registry!,
    overlayEncryption: settings.overlayEncryption,
    nodes: nodes.filter(({ Spec }) => Spec.Availability === 'active').length,
    rollouts: readable(new SwarmRollouts(docker, settings.waitSeconds)),
  });
  return {
    stack,
    address: addressOf(nodes, nodeLabels.edge),
    metricsAddress: addressOf(nodes, nodeLabels.data),
  };
}

/** The provider pushes to no registry that it was not told of. */
function registryProblem({ stack, registry }: Settings): string[] {
  const [host] = registry!.split('/');
  const known = new pulumi.Config('docker').getObject<{ address?: string }[]>('registryAuth') ?? [];
  if (known.some(({ address }) => address?.replace(/^https?:\/\//, '') === host)) return [];
  return [
    `${stack}: docker:registryAuth does not name ${host}. Run: docker login ${host}; pulumi config set --path 'docker:registryAuth[0].address' ${host}`,
  ];
}

/** What became of a release is for its user to read, without a stack trace. */
function readable(rollouts: Rollouts): Rollouts {
  const asUserError = (error: unknown) => {
    throw error instanceof RolloutError ? userError(error.lines) : error;
  };
  return {
    rolledOut: (service) => rollouts.rolledOut(service).catch(asUserError),
    finished: (job, seconds) => rollouts.finished(job, seconds).catch(asUserError),
  };
}
