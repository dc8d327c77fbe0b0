import type { Topology } from '../../stacks/topology.ts';
import type { OverlayNetwork } from './overlay-network.ts';

/** What becomes of services after they were declared; both throw what went wrong, with how to mend it. */
export interface Rollouts {
  /** Waits until all tasks of a service are what was declared, and well. */
  rolledOut(service: string): Promise<void>;
  /** Waits until the task of a job ended with 0. */
  finished(job: string, timeoutSeconds: number): Promise<void>;
}

/** What components of one Swarm stack share. */
export interface SwarmContext {
  readonly topology: Topology;
  /** `product-stack-staging`: what the names of services, networks, secrets and volumes begin with. */
  readonly prefix: string;
  /** By link. */
  readonly networks: ReadonlyMap<string, OverlayNetwork>;
  readonly rollouts: Rollouts;
  /** How many nodes take tasks: those that are not drained, whether they are there just now or not. */
  readonly nodes: number;
}
