import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../stacks/labels.ts';

/** A network that is one link: internal, so nothing on it reaches the host's outside. */
export class LinkNetwork extends pulumi.ComponentResource {
  readonly networkName: pulumi.Output<string>;

  constructor(
    name: string,
    args: { prefix: string; stack: string; internal: boolean },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('product-stack:index:LinkNetwork', name, {}, opts);
    const network = new docker.Network(
      name,
      {
        name: `${args.prefix}-${name}`,
        driver: 'bridge',
        internal: args.internal,
        // A published port needs a network that is not internal; without masquerading its containers still get no answer from outside.
        options: args.internal ? {} : { 'com.docker.network.bridge.enable_ip_masquerade': 'false' },
        labels: [{ label: labelKeys.stack, value: args.stack }],
      },
      { parent: this, deleteBeforeReplace: true },
    );
    this.networkName = network.name;
    this.registerOutputs({ networkName: this.networkName });
  }
}
