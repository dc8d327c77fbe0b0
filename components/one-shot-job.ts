import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { Job } from '../stacks/topology.ts';
import { containerArgs, labels, noRestarts, type Attachments } from './container-args.ts';
import type { StackContext } from './context.ts';
import { runOnce } from './run-once.ts';

/** A job that runs once per release; what depends on it starts only after it ended well. */
export class OneShotJob extends pulumi.ComponentResource {
  constructor(
    job: Job,
    args: { context: StackContext; attachments: Attachments },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('product-stack:index:OneShotJob', job.name, {}, opts);
    new docker.Container(
      job.name,
      {
        ...containerArgs(job, args.attachments),
        ...runOnce(job.command, job.timeoutSeconds),
        ...noRestarts,
        labels: labels(args.context.topology.stack, job.name, 'job'),
      },
      // Deleted first, it would take the replicas that wait for it with it.
      { parent: this, deleteBeforeReplace: false },
    );
    this.registerOutputs({});
  }
}
