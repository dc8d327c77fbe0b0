import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { Service } from '../stacks/topology.ts';
import {
  boundedRestarts,
  containerArgs,
  gracefulStop,
  healthcheck,
  labels,
  noRestarts,
  replaceOnChanges,
  type Attachments,
} from './container-args.ts';
import type { StackContext } from './context.ts';

/** Arguments of a ReplicatedService. */
export interface ReplicatedServiceArgs {
  readonly context: StackContext;
  readonly attachments: Attachments;
}

/**
 * The replicas of a service. With `start-first`, a candidate without the service's name proves a release where no user can reach
 * it; then all new replicas become healthy; only then do the old ones stop. Replicas that are the service's first start beside it.
 */
export class ReplicatedService extends pulumi.ComponentResource {
  constructor(service: Service, args: ReplicatedServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:ReplicatedService', service.name, {}, opts);
    const candidates =
      service.rollout.order === 'start-first'
        ? [this.candidate(service, service.rollout.candidate, args)]
        : [];
    const before = args.context.unserved.has(service.name) ? [] : candidates;
    for (let index = 0; index < service.replicas; index++) this.replica(service, index, args, before);
    this.registerOutputs({});
  }

  private candidate(
    service: Service,
    check: Parameters<typeof healthcheck>[0],
    { context, attachments }: ReplicatedServiceArgs,
  ) {
    const networks = attachments.networks.filter(({ alias }) => alias === undefined);
    return new docker.Container(
      `${service.name}-candidate`,
      {
        ...containerArgs(service, { ...attachments, networks }),
        ...healthcheck(check, context.waitSeconds),
        ...gracefulStop(service),
        ...noRestarts,
        labels: labels(context.topology.stack, service.name, 'candidate'),
      },
      { parent: this, replaceOnChanges, deleteBeforeReplace: false },
    );
  }

  private replica(
    service: Service,
    index: number,
    { context, attachments }: ReplicatedServiceArgs,
    dependsOn: pulumi.Resource[],
  ) {
    return new docker.Container(
      `${service.name}-${index + 1}`,
      {
        ...containerArgs(service, attachments),
        ...healthcheck(service.health, context.waitSeconds),
        ...gracefulStop(service),
        ...boundedRestarts,
        ports: service.publish.map(({ address, hostPort, containerPort }) => ({
          internal: containerPort,
          external: hostPort + index,
          ip: address,
          protocol: 'tcp',
        })),
        labels: labels(context.topology.stack, service.name, 'replica'),
      },
      {
        parent: this,
        dependsOn,
        replaceOnChanges,
        deleteBeforeReplace: service.rollout.order === 'stop-first',
      },
    );
  }
}
