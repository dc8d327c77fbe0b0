import { labelFilters, labelKeys, type Role } from '../stacks/labels.ts';
import type { Topology } from '../stacks/topology.ts';
import type { DockerCli } from './docker-cli.ts';

/**
 * The services of a topology that have no replica, running or not. A first release of theirs can harm nobody, so that its replicas start
 * beside the candidate instead of after it. @throws DockerError when the engine does not answer.
 */
export async function unservedServices(topology: Topology, docker: DockerCli): Promise<ReadonlySet<string>> {
  const filters = labelFilters(topology.stack, { role: 'replica' });
  const format = `{{.Label "${labelKeys.service}"}}`;
  const served = new Set(await docker.lines('ps', '--all', ...filters, '--format', format));
  return new Set(topology.services.map(({ name }) => name).filter((name) => !served.has(name)));
}

/** A container's service, and what it is for. */
export interface Subject {
  readonly service: string;
  readonly role: Role;
}

/**
 * First releases while `up` runs. What is wrong with one shows in its candidate and in each replica: it is told once, of the candidate,
 * and takes replicas that are not well with it, so that `up` ends as early as it does for a service that has replicas.
 */
export class FirstReleases<Failure extends Subject> {
  private readonly unserved: ReadonlySet<string>;
  /** What failed in replicas whose candidate may tell the same, by service. */
  private readonly held = new Map<string, Failure[]>();
  private readonly refused = new Set<string>();

  /** @param unserved services without a replica when `up` began. */
  constructor(unserved: ReadonlySet<string>) {
    this.unserved = unserved;
  }

  /**
   * @param action of an engine event about a container.
   * @returns what failed in replicas and is theirs alone, as their candidate is well.
   */
  see(action: string, { service, role }: Subject): readonly Failure[] {
    if (role !== 'candidate') return [];
    if (action === 'start') this.held.set(service, []);
    if (action !== 'health_status: healthy') return [];
    const failures = this.held.get(service) ?? [];
    this.held.delete(service);
    return failures;
  }

  /** Whether a failure waits for what becomes of the candidate. */
  holds(failure: Failure): boolean {
    const isFirst = failure.role === 'replica' && this.unserved.has(failure.service);
    const held = isFirst ? this.held.get(failure.service) : undefined;
    held?.push(failure);
    return held !== undefined;
  }

  /** Whether a failure refuses a first release, now and for replicas that come later. */
  refuses({ service, role }: Failure): boolean {
    const refuses = role === 'candidate' && this.unserved.has(service);
    if (refuses) this.refused.add(service);
    return refuses;
  }

  /** Whether a container is a replica of a refused one. */
  isRefused({ service, role }: Subject): boolean {
    return role === 'replica' && this.refused.has(service);
  }
}
