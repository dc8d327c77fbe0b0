import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../../stacks/labels.ts';
import type { BuiltImage, Image } from '../../stacks/topology.ts';
import { imageVersion } from '../service-image.ts';

/** Arguments of a PushedImage. */
export interface PushedImageArgs {
  readonly image: Image;
  /** What the names of images that are built begin with, with the registry: `registry.example.com/team/product-stack-swarm`. */
  readonly repository: string;
  readonly stack: string;
}

/** An image that every node can pull: with the digest that the registry knows it by, so that all run the same. */
export class PushedImage extends pulumi.ComponentResource {
  readonly reference: pulumi.Output<string>;
  /** What a person calls it: the reference, or the hash of the sources. */
  readonly version: string;

  constructor(name: string, args: PushedImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:PushedImage', name, {}, opts);
    this.version = imageVersion(args.image);
    this.reference =
      args.image.kind === 'pulled'
        ? this.pulled(name, args.image.reference)
        : this.built(name, args.image, args);
    this.registerOutputs({ reference: this.reference });
  }

  private pulled(name: string, reference: string): pulumi.Output<string> {
    return new docker.RemoteImage(name, { name: reference, keepLocally: true }, { parent: this }).repoDigest;
  }

  /** Built by the engine that `up` talks to. The registry keeps every version: a rollback and a new node need them. */
  private built(
    name: string,
    image: BuiltImage,
    { repository, stack }: PushedImageArgs,
  ): pulumi.Output<string> {
    const tag = `${repository}/${image.name}:${this.version}`;
    const build = {
      context: image.context,
      target: image.target,
      buildArgs: { ...image.args, RELEASE: this.version },
      label: { [labelKeys.stack]: stack },
    };
    const triggers = { sources: this.version };
    const local = new docker.RemoteImage(
      name,
      { name: tag, build, triggers, keepLocally: true },
      { parent: this },
    );
    const pushed = new docker.RegistryImage(
      name,
      { name: local.name, keepRemotely: true, triggers },
      { parent: this },
    );
    return pulumi.interpolate`${repository}/${image.name}@${pushed.sha256Digest}`;
  }
}
