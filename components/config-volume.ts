import { readFileSync } from 'node:fs';
import * as docker from '@pulumi/docker';
import * as pulumi from '@pulumi/pulumi';
import { tmpfs } from '../stacks/tmpfs.ts';
import type { ConfigFiles, FileEntry, Workload } from '../stacks/topology.ts';
import { containerArgs, labels, noRestarts, type Attachments } from './container-args.ts';
import type { StackContext } from './context.ts';
import { carried, FileVolume, loaderTarget, written, type Load } from './file-volume.ts';
import { filesUnder } from './source-hash.ts';
import { runOnce } from './run-once.ts';

/** Arguments of a ConfigVolume. */
export interface ConfigVolumeArgs {
  readonly context: StackContext;
  readonly image: pulumi.Input<string>;
  /** Of who writes the files, with a shell. */
  readonly loaderImage: pulumi.Input<string>;
  /** The service's secrets, which its check may need. */
  readonly secrets: Attachments['volumes'];
}

/**
 * A service's configuration files. Where the service has a check (nginx -t), it is run on them first; files that it refuses never
 * reach the volume of the running container.
 */
export class ConfigVolume extends pulumi.ComponentResource {
  readonly volumeName: pulumi.Output<string>;

  constructor(workload: Configured, args: ConfigVolumeArgs, opts?: pulumi.ComponentResourceOptions) {
    const name = `${workload.name}-files`;
    super('product-stack:index:ConfigVolume', name, {}, opts);
    const { topology, prefix } = args.context;
    const files = readEntries(workload.files.entries);
    const { check } = workload.files;
    const checks = check
      ? [this.checked(workload, commandWithFiles(workload.files, files, check), args)]
      : [];
    const load =
      files.length > fewFiles ? writtenBy(args.loaderImage, files) : carried(args.loaderImage, files);
    const live = new FileVolume(
      name,
      { volumeName: `${prefix}-${name}`, load, stack: topology.stack, service: workload.name },
      { parent: this, dependsOn: checks },
    );
    this.volumeName = live.volumeName;
    this.registerOutputs({ volumeName: this.volumeName });
  }

  /** Has the files in memory: a volume of its own would have to be filled first. */
  private checked(
    workload: Configured,
    command: readonly string[],
    { context, image, secrets }: ConfigVolumeArgs,
  ): docker.Container {
    const inMemory = { ...workload.tmpfs, ...tmpfs(4, workload.files.target) };
    return new docker.Container(
      `${workload.name}-files-check`,
      {
        ...containerArgs({ ...workload, tmpfs: inMemory }, { image, networks: [], volumes: secrets }),
        ...runOnce(command, 60),
        ...noRestarts,
        labels: labels(context.topology.stack, workload.name, 'check'),
      },
      { parent: this, replaceOnChanges: ['tmpfs'], deleteBeforeReplace: false },
    );
  }
}

/** To carry one takes a tenth of a second, to write any number of them one second. */
const fewFiles = 10;

function writtenBy(image: pulumi.Input<string>, files: readonly ConfigFile[]): Load {
  return written(image, commandWithFiles({ target: loaderTarget }, files, ['true']));
}

type Configured = Workload & { files: ConfigFiles };

/**
 * A command that first writes `files`, which it has as arguments, to where the service has them; then it is `command`. Files that are
 * there already are replaced when all new ones have been written.
 */
export function commandWithFiles(
  { target }: Pick<ConfigFiles, 'target'>,
  files: readonly ConfigFile[],
  command: readonly string[],
): string[] {
  const words = files.flatMap(({ path, content }) =>
    pieces(content).flatMap((piece) => [`./${path}`, piece]),
  );
  return ['sh', '-euc', withFiles, 'with-files', target, ...words, '--', ...command];
}

/** Linux takes no argument of more than 128 KiB. */
function pieces(content: string): string[] {
  return content.match(/.{1,30000}/gsu) ?? [''];
}

const withFiles = `
write() { while [ "$1" != -- ]; do mkdir -p ".next/\${1%/*}"; printf %s "$2" >>".next/$1"; shift 2; done; }
place() { while [ "$1" != -- ]; do mkdir -p "\${1%/*}"; [ ! -e ".next/$1" ] || mv -f ".next/$1" "$1"; shift 2; done; }
cd "$1"; shift
rm -rf .next; mkdir .next
write "$@"; place "$@"
rm -rf .next
while [ "$1" != -- ]; do shift 2; done; shift
exec "$@"`;

/** A file and its text. */
interface ConfigFile {
  readonly path: string;
  readonly content: string;
}

/** The entries' files, folders spread out; `path` is relative to the target. */
export function readEntries(entries: readonly FileEntry[]): ConfigFile[] {
  return entries.flatMap((entry) => ('content' in entry ? [entry] : readSource(entry)));
}

function readSource({ path, source }: { path: string; source: string }): ConfigFile[] {
  return filesUnder('.', source).map((file) => ({
    path: path + file.slice(source.length),
    content: readFileSync(file, 'utf8'),
  }));
}
