/** Label keys that every container, network, volume and image of a stack carries. */
export const labelKeys = {
  stack: 'product-stack.stack',
  service: 'product-stack.service',
  role: 'product-stack.role',
};

/** What asks `docker ps`, `docker events` and `docker service ls` for a stack's containers, with these labels besides: `{ role: 'replica' }`. */
export function labelFilters(
  stack: string,
  more: Partial<Record<'service' | 'role', string>> = {},
): string[] {
  const wanted = Object.entries({ stack, ...more }) as [keyof typeof labelKeys, string][];
  return wanted.flatMap(([key, value]) => ['--filter', `label=${labelKeys[key]}=${value}`]);
}

/** What the name of everything begins with that a stack has on an engine. */
export function stackPrefix(stack: string): string {
  return `product-stack-${stack}`;
}

/** What a container is for: serving, proving a release, running once, checking or carrying files. */
export type Role = 'replica' | 'candidate' | 'job' | 'check' | 'loader';

/** Labels of a Swarm's nodes, with the value `true`: which one keeps the data, and which ones take requests from outside. */
export const nodeLabels = { data: 'product-stack.data', edge: 'product-stack.edge' };
