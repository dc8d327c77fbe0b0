import { stackPrefix } from '../labels.ts';
import type { Service, Topology } from '../topology.ts';

/** The longest name of a service that a Swarm takes. */
const most = 63;

/** What is put behind a name where another one may stand beside it: a dash and seven digits. */
const suffix = '-0000000';

/** The task that looks at new files of a service before that sees them. */
export function filesCheckOf({ name }: Pick<Service, 'name'>): string {
  return `${name}-files-check`;
}

/** Names of a stack on a Swarm that are too long, a line at most: all of them begin with the stack's. */
export function longNames({ stack, services, jobs }: Topology): string[] {
  const checks = services.filter(({ files }) => files?.check).map(filesCheckOf);
  const all = [...services, ...jobs].map(({ name }) => name).concat(checks);
  const longest = all.sort((a, b) => b.length - a.length)[0] ?? '';
  const name = `${stackPrefix(stack)}-${longest}${suffix}`;
  if (name.length <= most) return [];
  const left = stack.length - (name.length - most);
  return [
    `${longest} would be called ${name}, and a Swarm's services have names of at most ${most} characters: the stack's may have ${left}. Run: pulumi stack rename NAME`,
  ];
}
