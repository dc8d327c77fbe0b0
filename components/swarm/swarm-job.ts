import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { Role } from '../../stacks/labels.ts';
import type { Job, Workload } from '../../stacks/topology.ts';
import { labels } from '../container-args.ts';
import { guardedCommand } from './privilege-guard.ts';
import { noRestarts, placement } from './policies.ts';
import { taskSpec } from './task-args.ts';
import { filledIn, whenDone, type SwarmServiceArgs } from './swarm-service.ts';

/** What a SwarmJob runs: a job of the topology, or the check of a service's files. */
export type OneTask = Workload & Pick<Job, 'command' | 'timeoutSeconds'>;

/** A task that runs once per release; what depends on it starts only after it ended well. */
export class SwarmJob extends pulumi.ComponentResource {
  readonly ready: pulumi.Input<pulumi.Resource>;

  constructor(
    name: string,
    job: OneTask,
    role: Role,
    { context, attachments }: SwarmServiceArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('product-stack:index:SwarmJob', name, {}, opts);
    const { prefix, topology, rollouts, nodes } = context;
    const spec = taskSpec({ ...job, command: guardedCommand(job.command) }, role, attachments, {});
    const declared = new docker.Service(
      // Pulumi makes a new name out of this whenever it is another job.
      `${prefix}-${name}`,
      {
        mode: { replicated: { replicas: 1 } },
        taskSpec: { ...spec, placement: placement(job, nodes), restartPolicy: noRestarts },
        endpointSpec: { mode: 'dnsrr' },
        labels: labels(topology.stack, job.name, role),
      },
      { parent: this, deleteBeforeReplace: false, replaceOnChanges: ['taskSpec'], ignoreChanges: filledIn },
    );
    this.ready = whenDone(declared, (physicalName) => rollouts.finished(physicalName, job.timeoutSeconds));
    this.registerOutputs({});
  }
}
