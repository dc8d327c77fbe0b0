import { attachments, type Job, type Service } from '../stacks/topology.ts';
import { gravest, type Change, type Danger } from './change.ts';
import { dangers, portDanger, postgresMajor, stopDanger } from './dangers.ts';
import type { Facts } from './facts.ts';
import { changedNames } from './reasons.ts';

/** A service or a job. */
export type Either = Service | Job;

/** One thing at the base and at the head. */
type Pair<T> = readonly [before: T, after: T];

/** What makes new containers of a service or job, what changes in place, and which files are loaded anew. */
export function workloadChanges(name: string, pair: Pair<Either>, [base, head]: Pair<Facts>): Change[] {
  const inPlace = [...differing(pair, 'replicas'), ...differing(pair, 'memoryMiB', 'memory', ' MiB')];
  const replacing = [
    ...imageReason(pair, [base.images[name]!, head.images[name]!]),
    ...fieldReasons(pair),
    ...networkReason(name, [base, head]),
  ];
  const files = fileReasons(base.files[name] ?? {}, head.files[name] ?? {});
  if (replacing.length > 0) {
    const reasons = [...replacing, ...inPlace, ...files];
    return [{ operation: 'replace', what: name, reasons, danger: replaceDanger(pair) }];
  }
  return [
    ...(inPlace.length > 0 ? [{ operation: 'update', what: name, reasons: inPlace } as const] : []),
    ...(files.length > 0 ? [{ operation: 'reload', what: `files of ${name}`, reasons: files } as const] : []),
  ];
}

/** Published ports as `address:port`. */
export function publishedBy(workload: Either): string[] {
  return 'publish' in workload
    ? workload.publish.map(({ address, hostPort }) => `${address}:${hostPort}`)
    : [];
}

function get(workload: Either, field: string): unknown {
  return (workload as unknown as Readonly<Record<string, unknown>>)[field];
}

/** `field` with both values, which must not be able to be secret. */
function differing([before, after]: Pair<Either>, field: string, words = field, unit = ''): string[] {
  const [old, next] = [get(before, field), get(after, field)];
  return old === next ? [] : [`${words} ${old} → ${next}${unit}`];
}

function imageReason([before, after]: Pair<Either>, [old, next]: Pair<string>): string[] {
  if (old === next) return [];
  const built = before.image.kind === 'built' && after.image.kind === 'built';
  return [`${built ? 'its sources changed' : 'image'} ${old} → ${next}`];
}

/** Fields that have reasons of their own, or that change no container. */
const told = [
  'name',
  'image',
  'replicas',
  'memoryMiB',
  'env',
  'cpus',
  'publish',
  'files',
  'after',
  'patient',
  'port',
];

/** Of the other fields only the name is told: a command may hold what nobody should read in a comment. */
const words: Readonly<Record<string, string>> = {
  command: 'command line',
  tmpfs: 'folders in memory',
  volumes: 'mounted volumes',
  secrets: 'passwords that it gets',
  shmMiB: 'shared memory',
  health: 'health check',
  rollout: 'how it is rolled out',
  stopGraceSeconds: 'time to stop',
  timeoutSeconds: 'time limit',
  egress: 'its way out',
};

function fieldReasons(pair: Pair<Either>): string[] {
  const [before, after] = pair;
  const variables = changedNames(entries(before.env), entries(after.env));
  const [old, next] = [publishedBy(before), publishedBy(after)].map((list) => list.join(', ') || 'none');
  const others = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (field) =>
      !told.includes(field) && JSON.stringify(get(before, field)) !== JSON.stringify(get(after, field)),
  );
  return [
    ...(variables.length > 0 ? [`environment: ${variables.join(', ')}`] : []),
    ...differing(pair, 'cpus', 'CPUs'),
    ...(old === next ? [] : [`port ${old} → ${next}`]),
    ...others.map((field) => words[field] ?? field),
  ];
}

/** A container cannot be given another network while it runs: the provider makes a new one. */
function networkReason(name: string, pair: Pair<Facts>): string[] {
  const [old, next] = pair.map(({ topology }) => attachments(topology, name).map(({ network }) => network));
  return old!.join() === next!.join() ? [] : ['networks'];
}

function entries(env: Readonly<Record<string, string>>): string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}

function fileReasons(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const paths = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = paths.filter((path) => before[path] !== after[path]).sort();
  return changed.length > 0 ? [`files: ${changed.join(', ')}`] : [];
}

function replaceDanger(pair: Pair<Either>): Danger | undefined {
  const [before, after] = pair;
  if (!('rollout' in before)) return undefined;
  const held = before.volumes.length > 0;
  const stops = before.rollout.order === 'stop-first';
  return gravest([
    stops ? stopDanger(held, before.publish.length > 0) : undefined,
    held ? majorDanger(pair) : undefined,
    portDanger(publishedBy(before), publishedBy(after)),
  ]);
}

function majorDanger(pair: Pair<Either>): Danger | undefined {
  const [before, after] = pair.map(({ image }) =>
    image.kind === 'pulled' ? postgresMajor(image.reference) : undefined,
  );
  return before === after ? undefined : dangers.majorVersion;
}
