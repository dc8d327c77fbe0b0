import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { BuiltImage, Image } from '../stacks/topology.ts';
import { labelKeys } from '../stacks/labels.ts';
import { sourceHash } from './source-hash.ts';

/** An image by content: pulled, or built when its sources changed. */
export class ServiceImage extends pulumi.ComponentResource {
  /** Digest of the image; containers use it, so that a tag that moves does not move them. */
  readonly imageId: pulumi.Output<string>;
  /** What a person calls it: the reference, or the hash of the sources. */
  readonly version: string;

  constructor(
    name: string,
    args: { image: Image; prefix: string; stack: string },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super('product-stack:index:ServiceImage', name, {}, opts);
    const { image } = args;
    this.version = imageVersion(image);
    const remote =
      image.kind === 'pulled'
        ? // Other stacks use the same base images, so destroying this one keeps them.
          new docker.RemoteImage(name, { name: image.reference, keepLocally: true }, { parent: this })
        : built(name, image, args, this.version, this);
    this.imageId = remote.imageId;
    this.registerOutputs({ imageId: this.imageId });
  }
}

/** The reference of a pulled image, the content hash of a built one. */
export function imageVersion(image: Image): string {
  return image.kind === 'pulled'
    ? image.reference
    : sourceHash(image.context, image.sources, [image.target, image.args]);
}

function built(
  name: string,
  image: BuiltImage,
  args: { prefix: string; stack: string },
  version: string,
  parent: pulumi.Resource,
) {
  return new docker.RemoteImage(
    name,
    {
      name: `${args.prefix}/${image.name}:${version}`,
      build: {
        context: image.context,
        target: image.target,
        buildArgs: { ...image.args, RELEASE: version },
        // The label also gives each stack an image of its own: destroying one never takes another's.
        label: { [labelKeys.stack]: args.stack },
      },
      triggers: { sources: version },
    },
    { parent },
  );
}
