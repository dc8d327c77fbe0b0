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
  /** Another one is another network. */
  readonly kind: string;

  constructor(name: string, args: OverlayNetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:OverlayNetwork', name, {}, opts);
    const { prefix, stack, internal, encrypted } = args;
    // What is encrypted has another name than what is not, as Pulumi keeps the options of a network that it only replaces.
    this.kind = encrypted ? name : `${name}-plain`;
    const network = new docker.Network(
      this.kind,
      {
        name: `${prefix}-${this.kind}`,
        driver: 'overlay',
        internal,
        attachable: false,
        ...(encrypted && { options: { encrypted: '' } }),
        labels: [{ label: labelKeys.stack, value: stack }],
      },
      // Swarm adds the number that it found free. The provider asks 2 s after it made the network, when a busy Swarm may not have come to
      // it and tells no drivers yet; taken for a change, that would replace a network in use.
      { parent: this, ignoreChanges: ['options', 'driver', 'ipamDriver'] },
    );
    this.networkId = network.id;
    this.registerOutputs({ networkId: this.networkId });
  }
}
