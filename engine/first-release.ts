import { labelFilters, labelKeys, type Role } from '../stacks/labels.ts';
import { startsBeside } from '../stacks/start-order.ts';
import type { Job, Topology } from '../stacks/topology.ts';
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

/** Whose containers are of a release itself, and not of what prepares one. */
const ofRelease: readonly Role[] = ['replica', 'candidate', 'job'];

/** A container's service, and what it is for. */
export interface Subject {
  readonly service: string;
  readonly role: Role;
}

/** A job, as far as it is of interest whether it starts beside a service. */
type Beside = Pick<Job, 'name' | 'after' | 'patient'>;

/**
 * First releases while `up` runs. What is wrong with one shows in its candidate and in each replica: it is told once, of the candidate,
 * and takes replicas that are not well with it, so that `up` ends as early as it does for a service that has replicas. So does a service that
 * fails with the jobs that were started beside it.
 */
export class FirstReleases<Failure extends Subject> {
  private readonly unserved: ReadonlySet<string>;
  private readonly jobs: readonly Beside[];
  /** What failed in replicas whose candidate may tell the same, by service. */
  private readonly held = new Map<string, Failure[]>();
  private readonly refused = new Set<string>();

  /** @param unserved services without a replica when `up` began. */
  constructor(unserved: ReadonlySet<string>, jobs: readonly Beside[]) {
    this.unserved = unserved;
    this.jobs = jobs.filter((job) => startsBeside(job, unserved));
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

  /** Refuses what a failure takes along, now and when it comes later. Returns the names of these services and jobs. */
  refuse({ service, role }: Failure): readonly string[] {
    const own = role === 'candidate' && this.unserved.has(service) ? [service] : [];
    const beside = this.jobs.filter(({ after }) => after.includes(service)).map(({ name }) => name);
    for (const name of [...own, ...beside]) this.refused.add(name);
    return [...own, ...beside];
  }

  /** Whether a container is of a refused release. */
  isRefused({ service, role }: Subject): boolean {
    return ofRelease.includes(role) && this.refused.has(service);
  }
}
