import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { Service } from '../../stacks/topology.ts';
import { labels } from '../container-args.ts';
import { serviceName } from './content-name.ts';
import type { SwarmContext } from './context.ts';
import { boundedRestarts, isGlobal, ownsSomething, placement, updates } from './policies.ts';
import { living, taskSpec, type AttachedNetwork, type TaskAttachments } from './task-args.ts';

/** Arguments of a SwarmService and of a SwarmJob. */
export interface SwarmServiceArgs {
  readonly context: SwarmContext;
  readonly attachments: TaskAttachments;
}

/**
 * A service of the Swarm. Its tasks are replaced one by one; each gets the service's name when it is healthy, and the first that fails
 * turns the release back.
 */
export class SwarmService extends pulumi.ComponentResource {
  /** Known when every task is well; what asks this service waits for it. */
  readonly ready: pulumi.Input<pulumi.Resource>;

  constructor(service: Service, args: SwarmServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:SwarmService', service.name, {}, opts);
    const { prefix, topology, rollouts, nodes } = args.context;
    const startFirst = !ownsSomething(service);
    const name = nameOf(`${prefix}-${service.name}`, startFirst ? args.attachments.networks : []);
    const declared = new docker.Service(
      name,
      {
        name,
        mode: isGlobal(service) ? { global: true } : { replicated: { replicas: service.replicas } },
        taskSpec: {
          ...taskSpec(service, 'replica', args.attachments, living(service)),
          placement: placement(service, nodes),
          restartPolicy: boundedRestarts,
        },
        ...updates(service),
        endpointSpec: { mode: 'dnsrr', ports: ports(service) },
        labels: labels(topology.stack, service.name, 'replica'),
      },
      { parent: this, deleteBeforeReplace: true, ignoreChanges: filledIn },
    );
    this.ready = whenDone(declared, (physicalName) => rollouts.rolledOut(physicalName));
    this.registerOutputs({});
  }
}

/**
 * A service of a Swarm keeps its networks. With others it is another resource of another name, which is well before the old one goes; where
 * it is not, going back finds the old one, and replaces nothing. What owns a port or a volume keeps its name, so that the old one goes first.
 */
function nameOf(name: string, networks: readonly AttachedNetwork[]): string {
  if (networks.length === 0) return name;
  return serviceName(name, JSON.stringify(networks.map(({ kind, alias }) => [kind, alias])));
}

/**
 * What others fill in, and `pulumi up --refresh` is not to undo: how often tasks were told to begin anew (`docker service update --force`),
 * and what the registry says that an image is built for.
 */
export const filledIn = ['taskSpec.forceUpdate', 'taskSpec.placement.platforms'];

/** Host mode, as the client's address would be lost in Swarm's own load balancer. */
function ports({ publish }: Service): docker.types.input.ServiceEndpointSpecPort[] {
  return publish.map(({ hostPort, containerPort }) => ({
    protocol: 'tcp',
    publishMode: 'host',
    publishedPort: hostPort,
    targetPort: containerPort,
  }));
}

/** The resource, once what it declares has come true; in a preview at once. */
export function whenDone(
  service: docker.Service,
  wait: (name: string) => Promise<void>,
): pulumi.Input<pulumi.Resource> {
  if (pulumi.runtime.isDryRun()) return service;
  return pulumi.all([service.id, service.name]).apply(async ([, name]) => {
    await wait(name);
    return service;
  });
}
