import type { Job, Service, Topology } from './topology.ts';

/**
 * Services and jobs, each after what it waits for, and after what it `prefers` as far as that can be; then what most others wait for, one
 * after the other; then as they are listed. @throws Error when some wait for each other.
 */
export function startOrder(
  { services, jobs }: Pick<Topology, 'services' | 'jobs'>,
  prefers: (name: string) => readonly string[] = () => [],
): (Service | Job)[] {
  const all = [...services, ...jobs];
  const waiting = [...all].sort((a, b) => chain(b, all) - chain(a, all));
  const order: (Service | Job)[] = [];
  const isReady = (name: string) => order.some((earlier) => earlier.name === name);
  while (waiting.length > 0) {
    const possible = waiting.filter(({ after }) => after.every(isReady));
    const next = possible.find(({ name }) => prefers(name).every(isReady)) ?? possible[0];
    if (!next) throw new Error(`these wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
    waiting.splice(waiting.indexOf(next), 1);
    order.push(next);
  }
  return order;
}

/** Whether a job starts beside all it is after, as it waits itself and none of these has a replica yet. */
export function startsBeside(
  { after, patient }: Pick<Job, 'after' | 'patient'>,
  unserved: ReadonlySet<string>,
): boolean {
  return patient === true && after.every((name) => unserved.has(name));
}

/** How many start after it, one after the other. Those that wait for each other end at the number of all. */
function chain({ name }: Service | Job, all: readonly (Service | Job)[], depth = 0): number {
  if (depth === all.length) return depth;
  const next = all.filter(({ after }) => after.includes(name));
  return next.reduce((longest, one) => Math.max(longest, chain(one, all, depth + 1)), depth);
}
