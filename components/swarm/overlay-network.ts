import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../../stacks/labels.ts';

/** Arguments of an OverlayNetwork. */
export interface OverlayNetworkArgs {
  readonly prefix: string;
  readonly stack: string;
  readonly internal: boolean;
  readonly encrypted: boolean;
}

/** A network over all nodes that is one link; only services can be on it, and what is internal reaches nothing outside. */
export class OverlayNetwork extends pulumi.ComponentResource {
  readonly networkId: pulumi.Output<string>;

  constructor(name: string, args: OverlayNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:OverlayNetwork', name, {}, opts);
    const network = new docker.Network(
      name,
      {
        // Another name for another kind: the new one is there before the services leave the old one.
        name: `${args.prefix}-${name}${args.encrypted ? '' : '-plain'}`,
        driver: 'overlay',
        internal: args.internal,
        attachable: false,
        options: args.encrypted ? { encrypted: '' } : {},
        labels: [{ label: labelKeys.stack, value: args.stack }],
      },
      { parent: this, deleteBeforeReplace: false },
    );
    this.networkId = network.id;
    this.registerOutputs({ networkId: this.networkId });
  }
}
