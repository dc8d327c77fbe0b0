import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import type { ConfigFiles, FileEntry, Workload } from '../stacks/topology.ts';
import { containerArgs, labels, noRestarts, type Attachments } from './container-args.ts';
import type { StackContext } from './context.ts';
import { FileVolume, type VolumeFile } from './file-volume.ts';
import { filesUnder } from './source-hash.ts';
import { runOnce } from './run-once.ts';

/** Arguments of a ConfigVolume. */
export interface ConfigVolumeArgs {
  readonly context: StackContext;
  readonly image: pulumi.Input<string>;
  /** The service's secrets, which its check may need. */
  readonly secrets: Attachments['volumes'];
}

/**
 * A service's configuration files. Where the service has a check (nginx -t), it first runs on a copy; files that it refuses never
 * reach the volume of the running container.
 */
export class ConfigVolume extends pulumi.ComponentResource {
  readonly volumeName: pulumi.Output<string>;

  constructor(
    workload: Workload & { files: ConfigFiles },
    args: ConfigVolumeArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const name = `${workload.name}-files`;
    super('product-stack:index:ConfigVolume', name, {}, opts);
    const { topology, prefix } = args.context;
    const files = readEntries(workload.files.entries);
    const common = { image: args.image, files, stack: topology.stack, service: workload.name };
    const checks = workload.files.check ? [this.checked(workload, args, common, files)] : [];
    const live = new FileVolume(
      name,
      { ...common, volumeName: `${prefix}-${name}` },
      { parent: this, dependsOn: checks },
    );
    this.volumeName = live.volumeName;
    this.registerOutputs({ volumeName: this.volumeName });
  }

  /** The hash in the copy's name starts it empty: a file that is gone cannot make the check pass. */
  private checked(
    workload: Workload & { files: ConfigFiles },
    { context, image, secrets }: ConfigVolumeArgs,
    common: { image: pulumi.Input<string>; files: VolumeFile[]; stack: string; service: string },
    files: VolumeFile[],
  ): docker.Container {
    const name = `${workload.name}-files-next`;
    const hash = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 8);
    const copy = new FileVolume(
      name,
      { ...common, volumeName: `${context.prefix}-${name}-${hash}` },
      { parent: this },
    );
    const volumes = [{ name: copy.volumeName, target: workload.files.target, readOnly: true }, ...secrets];
    return new docker.Container(
      `${workload.name}-files-check`,
      {
        ...containerArgs(workload, { image, networks: [], volumes }),
        ...runOnce(workload.files.check!, 60),
        ...noRestarts,
        labels: labels(context.topology.stack, workload.name, 'check'),
      },
      { parent: this, deleteBeforeReplace: false },
    );
  }
}

/** The entries' files, folders spread out; `path` is relative to the target. */
export function readEntries(entries: readonly FileEntry[]): VolumeFile[] {
  return entries.flatMap((entry) => ('content' in entry ? [entry] : readSource(entry)));
}

function readSource({ path, source }: { path: string; source: string }): VolumeFile[] {
  return filesUnder('.', source).map((file) => ({
    path: path + file.slice(source.length),
    content: readFileSync(file, 'utf8'),
  }));
}
