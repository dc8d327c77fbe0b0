import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../stacks/labels.ts';
import { networkOptions } from '../stacks/network-options.ts';
import type { NetworkKind } from '../stacks/topology.ts';

/** A network of the stack. One that is a link is internal, so nothing on it reaches the host's outside. */
export class LinkNetwork extends pulumi.ComponentResource {
  readonly networkName: pulumi.Output<string>;

  constructor(
    name: string,
    args: { prefix: string; stack: string; kind: NetworkKind },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('product-stack:index:LinkNetwork', name, {}, opts);
    const network = new docker.Network(
      name,
      {
        name: `${args.prefix}-${name}`,
        driver: 'bridge',
        internal: args.kind === 'link',
        options: networkOptions(args.kind),
        labels: [{ label: labelKeys.stack, value: args.stack }],
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
