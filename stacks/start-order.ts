import type { Job, Service, Topology } from './topology.ts';

/**
 * Services and jobs, each after what it waits for, and after what it `prefers` as far as that can be: two that prefer each other come
 * as they are listed. @throws Error when some wait for each other.
 */
export function startOrder(
  { services, jobs }: Pick<Topology, 'services' | 'jobs'>,
  prefers: (name: string) => readonly string[] = () => [],
): (Service | Job)[] {
  const waiting = [...services, ...jobs];
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
