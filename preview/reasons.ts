import { labelKeys } from '../stacks/labels.ts';
import { publishedBy, type ContainerInputs, type Step } from './plan.ts';

/** What Pulumi shows in place of a value that only `up` will know (UnknownStringValue of its SDK). */
const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

type Words = (before: ContainerInputs, after: ContainerInputs) => string | undefined;

/** A property of a resource in a reader's words; undefined hides it. Values only where they cannot be secret. */
const words: Readonly<Record<string, Words>> = {
  image: () => 'new image',
  envs: (before, after) => `environment: ${changedNames(before.envs, after.envs).join(', ')}`,
  command: () => 'command line',
  ports: (before, after) => `port ${ports(before)} → ${ports(after)}`,
  memory: (before, after) => `memory ${before.memory} → ${after.memory} MiB`,
  memorySwap: () => undefined,
  cpus: (before, after) => `CPUs ${before.cpus} → ${after.cpus}`,
  volumes: (_, after) => (volumesUnknown(after) ? undefined : 'mounted volumes'),
  healthcheck: () => 'health check',
  networksAdvanced: () => 'networks',
  networkMode: () => undefined,
  uploads: () => 'contents of its files',
  build: () => undefined,
  keepers: () => 'rotated',
  triggers: () => 'its sources changed',
  name: () => undefined,
};

/** Why a step happens. */
export function reasonsOf({ properties, before, after, operation }: Step): string[] {
  const reasons = properties
    .map((property) => wordsOf(property, after)(before, after))
    .filter((reason) => reason !== undefined);
  if (reasons.length > 0 || operation === 'create' || operation === 'delete') return [...new Set(reasons)];
  return [properties.length === 0 ? 'what it depends on is replaced' : 'its files are loaded anew'];
}

/**
 * Whether a replacement is only Pulumi's caution: the volume is loaded anew, so its name counts as unknown until `up`, which then
 * finds the same name and leaves the container running.
 */
export function isReload({ operation, properties, after }: Step): boolean {
  return operation === 'replace' && properties.join() === 'volumes' && volumesUnknown(after);
}

/** Whatever else changes of a loader is how it loads. */
function wordsOf(property: string, after: ContainerInputs): Words {
  if (isLoader(after) && property !== 'image') return words['uploads']!;
  return Object.hasOwn(words, property) ? words[property]! : () => property;
}

function isLoader({ labels = [] }: ContainerInputs): boolean {
  return labels.some(({ label, value }) => label === labelKeys.role && value === 'loader');
}

function volumesUnknown({ volumes = [] }: ContainerInputs): boolean {
  return volumes.some(({ volumeName }) => volumeName === unknown);
}

/** Names of the environment variables that came, went or have another value. */
export function changedNames(before: readonly string[] = [], after: readonly string[] = []): string[] {
  const changed = [...before, ...after].filter((entry) => !(before.includes(entry) && after.includes(entry)));
  return [...new Set(changed.map((entry) => entry.split('=')[0]!))].sort();
}

function ports(inputs: ContainerInputs): string {
  return publishedBy(inputs).join(', ') || 'none';
}
