import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { labelKeys } from '../stacks/labels.ts';
import { tmpfs } from '../stacks/tmpfs.ts';
import { labels, noRestarts } from './container-args.ts';
import { runOnce } from './run-once.ts';

/** What the hardening audit lets pass in a loader that carries, and why. */
export const carrierExceptions: Readonly<Record<string, string>> = {
  'read-only': 'files cannot be put into a read-only container; it is never started',
};

/** What the hardening audit lets pass in a loader that writes, and why. */
export const writerExceptions: Readonly<Record<string, string>> = {
  user: 'a volume belongs to root; it writes files into it, without any capability or network, and ends',
};

/** Where a loader has the volume. */
export const loaderTarget = '/volume';

/** Arguments of a FileVolume. */
export interface FileVolumeArgs {
  readonly volumeName: string;
  readonly load: Load;
  readonly stack: string;
  readonly service: string;
}

/** How files come into a volume: what of a loader does it. */
export type Load = Partial<docker.ContainerArgs> & Pick<docker.ContainerArgs, 'image'>;

/**
 * Files that nobody may read on their way, or few. A container that is never started has them; nothing runs in it, so it may have any
 * image.
 */
export function carried(
  image: pulumi.Input<string>,
  files: readonly { readonly path: string; readonly content: pulumi.Input<string> }[],
): Load {
  const uploads = files.map(({ path, content }) => ({
    file: `${loaderTarget}/${path}`,
    content,
    permissions: '0444',
  }));
  return { image, start: false, user: '65534:65534', cpus: '0.1', ...memory(16), uploads };
}

/**
 * Files that a command writes, which has them as arguments, as commandWithFiles does. Docker takes 0.1 s of a CPU for each file that
 * is put into a container; this takes a second for all.
 */
export function written(image: pulumi.Input<string>, command: readonly string[]): Load {
  const { command: once, ...rest } = runOnce(command, 60);
  const closed = { user: '0:0', readOnly: true, init: true, cpus: '1.0', ...memory(64), tmpfs: tmpfs(1) };
  return { image, ...rest, ...closed, entrypoints: once.slice(0, 1), command: once.slice(1) };
}

/** No swap. */
function memory(mebibytes: number): Partial<docker.ContainerArgs> {
  return { memory: mebibytes, memorySwap: mebibytes };
}

/**
 * A volume with files in it, which the service mounts read-only. Uploads fail on a read-only container, so another one loads them into
 * the volume. Changed files reach the same volume, and a running container sees them.
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
    { load, stack, service }: FileVolumeArgs,
    volume: docker.Volume,
  ): docker.Container {
    return new docker.Container(
      `${name}-loader`,
      {
        ...load,
        ...noRestarts,
        networkMode: 'none',
        capabilities: { drops: ['ALL'] },
        securityOpts: ['no-new-privileges:true'],
        logDriver: 'json-file',
        logOpts: { 'max-file': '1', 'max-size': '1m' },
        volumes: [{ volumeName: volume.name, containerPath: loaderTarget }],
        labels: labels(stack, service, 'loader'),
      },
      // Deleted first, it would take the service that mounts the volume with it.
      { parent: this, deleteBeforeReplace: false },
    );
  }
}
