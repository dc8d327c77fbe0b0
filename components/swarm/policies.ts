import type * as docker from '@pulumi/docker';
import { nodeLabels } from '../../stacks/labels.ts';
import { maxRestarts, type Service, type Workload } from '../../stacks/topology.ts';

/** Data stays where it is, and ports belong to nodes that take requests; everything else runs anywhere. */
export function placement(
  workload: Workload & Partial<Pick<Service, 'publish' | 'replicas'>>,
  nodes: number,
): docker.types.input.ServiceTaskSpecPlacement {
  const onData = workload.volumes.length > 0 ? [`node.labels.${nodeLabels.data}==true`] : [];
  const onEdge = isGlobal(workload) ? [`node.labels.${nodeLabels.edge}==true`] : [];
  const isFree = onData.length + onEdge.length === 0;
  return {
    constraints: [...onData, ...onEdge],
    maxReplicas: isFree ? mostPerNode(workload.replicas ?? 1, nodes) : 0,
  };
}

/**
 * Swarm moves nothing back to a node that has returned, and a drain stops tasks before others are there: a node that has come to have
 * all of a service would take it away. So no node may have more than the others need while one of them is missing, with room for the
 * tasks of a release: never fewer than two of three or more. 0 is no limit.
 */
export function mostPerNode(replicas: number, nodes: number): number {
  if (replicas === 1 || nodes < 3) return 0;
  const share = Math.ceil((replicas + atOnce(replicas)) / (nodes - 1));
  return replicas > 2 ? Math.max(2, share) : share;
}

/** How many tasks of a service are replaced at a time: a fifth, at least one. */
function atOnce(replicas: number): number {
  return Math.ceil(replicas / 5);
}

/** One on every node for it: what owns a port of its node. */
export function isGlobal({
  publish = [],
  volumes,
}: Pick<Workload, 'volumes'> & { publish?: Service['publish'] }): boolean {
  return publish.length > 0 && volumes.length === 0;
}

/** At most five restarts in ten minutes; then the task stays down and says why. */
export const boundedRestarts: docker.types.input.ServiceTaskSpecRestartPolicy = {
  condition: 'on-failure',
  delay: '1s',
  maxAttempts: maxRestarts,
  window: '10m',
};

/** Runs once; nobody brings it back. */
export const noRestarts: docker.types.input.ServiceTaskSpecRestartPolicy = {
  condition: 'none',
  delay: '1s',
  maxAttempts: 0,
  window: '0s',
};

/** A port or a volume can only be had by one task at a time: the old one goes first. */
export function ownsSomething({ publish, volumes }: Pick<Service, 'publish' | 'volumes'>): boolean {
  return publish.length > 0 || volumes.length > 0;
}

/** How a release replaces tasks, and back when one fails. */
export function updates(service: Service): Pick<docker.ServiceArgs, 'updateConfig' | 'rollbackConfig'> {
  const common = {
    parallelism: atOnce(service.replicas),
    delay: '0s',
    maxFailureRatio: '0.0',
    order: ownsSomething(service) ? 'stop-first' : 'start-first',
  };
  return {
    updateConfig: { ...common, failureAction: 'rollback', monitor: '10s' },
    rollbackConfig: { ...common, failureAction: 'pause', monitor: '5s' },
  };
}
