import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../stacks/labels.ts';

/** A volume with data that nothing but `npm run destroy-data` deletes: not destroy, not a rename, not a replaced container. */
export class DataVolume extends pulumi.ComponentResource {
  readonly volumeName: pulumi.Output<string>;

  constructor(name: string, args: { prefix: string; stack: string }, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:DataVolume', name, {}, opts);
    const volume = new docker.Volume(
      name,
      { name: `${args.prefix}-${name}`, labels: [{ label: labelKeys.stack, value: args.stack }] },
      { parent: this, retainOnDelete: true },
    );
    this.volumeName = volume.name;
    this.registerOutputs({ volumeName: this.volumeName });
  }
}
