import { allNetworks, networkOf, type Topology } from '../stacks/topology.ts';
import type { Change, Danger } from './change.ts';
import { dangers, portDanger } from './dangers.ts';
import type { Facts } from './facts.ts';
import { publishedBy, workloadChanges, type Either } from './workload-diff.ts';

/**
 * What changes between two commits, without an engine or a state: up to two lines for each service and job, and one for each
 * network, volume, password and certificate that comes, goes or is made anew.
 */
export function topologyChanges(base: Facts, head: Facts): Change[] {
  const [before, after] = [workloads(base.topology), workloads(head.topology)];
  const kept = [...before.keys()].filter((name) => after.has(name));
  return [
    ...[...before.values()].filter(({ name }) => !after.has(name)).map(deleted),
    ...[...after.values()].filter(({ name }) => !before.has(name)).map(created),
    ...kept.flatMap((name) => workloadChanges(name, [before.get(name)!, after.get(name)!], [base, head])),
    ...comeAndGo('network', networks(base.topology), networks(head.topology), {
      create: (name) => reachedDanger(name, head.topology, before),
    }),
    ...secretChanges(base.topology, head.topology),
    ...comeAndGo('volume', names(base.topology.volumes), names(head.topology.volumes), {
      delete: () => dangers.volumeDeleted,
    }),
    ...unknownChanges(base.topology, head.topology),
  ];
}

function workloads({ services, jobs }: Topology): ReadonlyMap<string, Either> {
  return new Map([...services, ...jobs].map((workload) => [workload.name, workload]));
}

/** What has a name. */
interface Named {
  readonly name: string;
}

function names(list: readonly Named[]): string[] {
  return list.map(({ name }) => name);
}

function networks(topology: Topology): string[] {
  return allNetworks(topology).map(({ name }) => name);
}

function comeAndGo(
  kind: string,
  before: readonly string[],
  after: readonly string[],
  danger: { readonly create?: (name: string) => Danger | undefined; readonly delete?: () => Danger },
): Change[] {
  const gone = before.filter((name) => !after.includes(name));
  const come = after.filter((name) => !before.includes(name));
  return [
    ...gone.map((name) => change('delete', `${kind} ${name}`, 'no longer used', danger.delete?.())),
    ...come.map((name) => change('create', `${kind} ${name}`, 'new', danger.create?.(name))),
  ];
}

/** An older commit may know no certificates. */
function secretChanges(base: Partial<Topology>, head: Topology): Change[] {
  const passwords = [base.passwords ?? [], head.passwords] as const;
  const certificates = [base.certificates ?? [], head.certificates] as const;
  return [
    ...comeAndGo('password', names(passwords[0]), names(passwords[1]), {
      delete: () => dangers.passwordReplaced,
    }),
    ...madeAnew('password', passwords, 'rotated'),
    ...comeAndGo('certificate', names(certificates[0]), names(certificates[1]), {}),
    ...madeAnew('certificate', certificates, 'its names, or your own pair'),
  ];
}

function madeAnew(
  kind: string,
  [before, after]: readonly [readonly Named[], readonly Named[]],
  reason: string,
): Change[] {
  const changed = after.filter((one) => {
    const old = before.find(({ name }) => name === one.name);
    return old !== undefined && JSON.stringify(old) !== JSON.stringify(one);
  });
  return changed.map(({ name }) => change('replace', `${kind} ${name}`, reason, undefined));
}

const known = ['stack', 'services', 'jobs', 'links', 'volumes', 'passwords', 'certificates'];

/** Parts of a topology that this code has never heard of: better said vaguely than not at all. */
function unknownChanges(base: Topology, head: Topology): Change[] {
  const [before, after] = [base, head].map((topology) => topology as unknown as Record<string, unknown>);
  const parts = [...new Set([...Object.keys(before!), ...Object.keys(after!)])];
  return parts
    .filter((part) => !known.includes(part) && JSON.stringify(before![part]) !== JSON.stringify(after![part]))
    .map((part) => change('update', part, 'differs', undefined));
}

function change(
  operation: Change['operation'],
  what: string,
  reason: string,
  danger: Danger | undefined,
): Change {
  return { operation, what, reasons: [reason], danger };
}

function created(workload: Either): Change {
  const count = 'replicas' in workload && workload.replicas > 1 ? ` ×${workload.replicas}` : '';
  return change('create', workload.name + count, 'new', portDanger([], publishedBy(workload)));
}

function deleted(workload: Either): Change {
  const lost = workload.volumes.length > 0 ? dangers.databaseDeleted : dangers.serviceDeleted;
  return change('delete', workload.name, 'gone', 'replicas' in workload ? lost : undefined);
}

/** A new network that leads outside, or to a service that held data before. */
function reachedDanger(
  network: string,
  topology: Topology,
  before: ReadonlyMap<string, Either>,
): Danger | undefined {
  if (allNetworks(topology).some(({ name, kind }) => name === network && kind === 'egress'))
    return dangers.wayOut;
  const to = topology.links.find((link) => networkOf(link) === network)?.to;
  const held = to !== undefined && (before.get(to)?.volumes ?? []).length > 0;
  return held ? dangers.databaseReached : undefined;
}
