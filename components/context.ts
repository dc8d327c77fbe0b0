import type { Output } from '@pulumi/pulumi';
import type { Topology } from '../stacks/topology.ts';

/** What components of one stack share. */
export interface StackContext {
  readonly topology: Topology;
  /** `product-stack-staging`: what the names of images, networks and volumes begin with. */
  readonly prefix: string;
  /** Names of the link networks, by link. */
  readonly networks: ReadonlyMap<string, Output<string>>;
  /** Contents of secret files, by name. */
  readonly secrets: ReadonlyMap<string, Output<string>>;
  /** How long `up` waits for one container to become healthy. */
  readonly waitSeconds: number;
  /** Services that have no replica yet: nobody can be harmed by a bad release of theirs. */
  readonly unserved: ReadonlySet<string>;
}
