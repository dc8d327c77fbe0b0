import { labelKeys, type Role } from '../stacks/labels.ts';
import type { Topology } from '../stacks/topology.ts';
import type { DockerCli } from './docker-cli.ts';

/**
 * The services of a topology that have no replica, running or not. A first release of theirs can harm nobody, so that its replicas start
 * beside the candidate instead of after it. @throws DockerError when the engine does not answer.
 */
export async function unservedServices(topology: Topology, docker: DockerCli): Promise<ReadonlySet<string>> {
  const filters = [`label=${labelKeys.stack}=${topology.stack}`, `label=${labelKeys.role}=replica`];
  const asked = filters.flatMap((filter) => ['--filter', filter]);
  const format = `{{.Label "${labelKeys.service}"}}`;
  const served = new Set(await docker.lines('ps', '--all', ...asked, '--format', format));
  return new Set(topology.services.map(({ name }) => name).filter((name) => !served.has(name)));
}

/** Of whom something is told: a container's service, and what it is for. */
interface Told {
  readonly service: string;
  readonly role: Role;
}

/**
 * First releases while `up` runs. What is wrong with one shows in its candidate and in each replica: it is told once, of the candidate,
 * and takes the replicas with it, so that `up` ends as early as it does for a service that has replicas.
 */
export class FirstReleases {
  private readonly unserved: ReadonlySet<string>;
  private readonly unproven = new Set<string>();

  /** @param unserved services without a replica when `up` began. */
  constructor(unserved: ReadonlySet<string>) {
    this.unserved = unserved;
  }

  /** @param action of an engine event about a container. */
  see(action: string, { service, role }: Told): void {
    if (role !== 'candidate') return;
    if (action === 'start') this.unproven.add(service);
    if (action === 'health_status: healthy') this.unproven.delete(service);
  }

  /** Whether the candidate tells the same of a failed replica. */
  isToldOfCandidate({ service, role }: Told): boolean {
    return role === 'replica' && this.isFirst(service) && this.unproven.has(service);
  }

  /** Whether the replicas must go with a failed container. */
  takesReplicas({ service, role }: Told): boolean {
    return role === 'candidate' && this.isFirst(service);
  }

  private isFirst(service: string): boolean {
    return this.unserved.has(service);
  }
}
