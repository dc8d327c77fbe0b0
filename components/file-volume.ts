import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../stacks/labels.ts';
import { labels, noRestarts } from './container-args.ts';

/** One file; `path` is relative to the volume. */
export interface VolumeFile {
  readonly path: string;
  readonly content: pulumi.Input<string>;
}

/** What the hardening audit lets pass in a loader, and why. */
export const loaderExceptions: Readonly<Record<string, string>> = {
  'read-only': 'files cannot be put into a read-only container; it is never started',
};

/** Arguments of a FileVolume; `image` is any image, as nothing in it runs. */
export interface FileVolumeArgs {
  readonly volumeName: string;
  readonly image: pulumi.Input<string>;
  readonly files: readonly VolumeFile[];
  readonly stack: string;
  readonly service: string;
}

/**
 * A volume with files in it. Uploads fail on a read-only container, so a container that is never started carries them into the
 * volume, which the service then mounts read-only. Changed files reach the same volume, and a running container sees them.
 */
export class FileVolume extends pulumi.ComponentResource {
  readonly volumeName: pulumi.Output<string>;

  constructor(name: string, args: FileVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    super('product-stack:index:FileVolume', name, {}, opts);
    const volume = this.volume(name, args);
    const loader = this.loader(name, args, volume);
    // The loader's id ties whoever uses the name to the files being there.
    this.volumeName = pulumi.all([volume.name, loader.id]).apply(([volumeName]) => volumeName);
    this.registerOutputs({ volumeName: this.volumeName });
  }

  private volume(name: string, { volumeName, stack }: FileVolumeArgs): docker.Volume {
    const stackLabel = [{ label: labelKeys.stack, value: stack }];
    return new docker.Volume(name, { name: volumeName, labels: stackLabel }, { parent: this });
  }

  private loader(
    name: string,
    { image, files, stack, service }: FileVolumeArgs,
    volume: docker.Volume,
  ): docker.Container {
    return new docker.Container(
      `${name}-loader`,
      {
        image,
        start: false,
        ...noRestarts,
        networkMode: 'none',
        user: '65534:65534',
        memory: 16,
        memorySwap: 16,
        cpus: '0.1',
        capabilities: { drops: ['ALL'] },
        securityOpts: ['no-new-privileges:true'],
        logDriver: 'json-file',
        logOpts: { 'max-file': '1', 'max-size': '1m' },
        volumes: [{ volumeName: volume.name, containerPath: '/volume' }],
        uploads: files.map(({ path, content }) => ({
          file: `/volume/${path}`,
          content,
          permissions: '0444',
        })),
        labels: labels(stack, service, 'loader'),
      },
      // Deleted first, it would take the service that mounts the volume with it.
      { parent: this, deleteBeforeReplace: false },
    );
  }
}
