import type { Topology, Workload } from '../topology.ts';
import { longNames } from './names.ts';

/** Something that a container of one engine is told, and that a service of a Swarm cannot be. */
export interface Difference {
  readonly what: string;
  /** What holds instead. */
  readonly instead: string;
  /** Where that is looked at: before an `up`, by every task, or by `npm run audit`. */
  readonly checked: 'refused' | 'before up' | 'by every task' | 'by npm run audit' | 'by a test';
}

/** All of them, in one place; docs/swarm.md shows this list. */
export const differences: readonly Difference[] = [
  {
    what: 'no new privileges',
    instead: "the engine's own default, `no-new-privileges` in the daemon.json of every node",
    checked: 'by every task',
  },
  {
    what: 'a published port on one address',
    instead: 'it is open on every address of a node labelled for edge, and has to be asked for as 0.0.0.0',
    checked: 'refused',
  },
  {
    what: 'folders of the checkout, and the engine’s socket',
    instead: 'none: local development and metrics.dockerGroup are for one engine',
    checked: 'refused',
  },
  {
    what: 'no swap for a container',
    instead: 'nodes without swap; memory is reserved, so a node never promises more than it has',
    checked: 'by npm run audit',
  },
  {
    what: 'owner and options of a tmpfs',
    instead:
      'noexec, nosuid and nodev are Swarm’s own defaults; one user runs in a container, and may write there',
    checked: 'by a test',
  },
  {
    what: 'the size of /dev/shm',
    instead: 'a tmpfs of that size, mounted there',
    checked: 'by a test',
  },
  {
    what: 'no way from a published port’s network to the outside',
    instead:
      'docker_gwbridge made without masquerading; with databaseUrl or backup.s3.bucket it has to masquerade, and edge has a way out as well',
    checked: 'by npm run audit',
  },
  {
    what: 'a candidate',
    instead:
      'a task gets the service’s name when it is healthy, replicas are replaced one by one, and the first that fails turns the release back',
    checked: 'by a test',
  },
  {
    what: 'files that change under a running container',
    instead:
      'a new file is a new config: nginx’s are checked by a task of their own, then the service is rolled',
    checked: 'by a test',
  },
];

/** What the hardening audit lets pass in a task, and why. */
export const swarmExceptions: Readonly<Record<string, string>> = {
  ports: 'a Swarm opens ports on every address of a node; bindAddress 0.0.0.0 says so',
};

/** What a topology asks for and a Swarm cannot give, a line each. Settings are refused before (contradictions.ts); this holds for any topology. */
export function cannotSay(topology: Topology): string[] {
  const { stack, services, jobs } = topology;
  const binds = [...services, ...jobs].flatMap((workload: Workload) =>
    (workload.binds ?? []).map(
      ({ source }) =>
        `${workload.name} shares ${source} with its host, which the nodes of a Swarm do not have`,
    ),
  );
  const addresses = services.flatMap(({ name, publish }) =>
    publish
      .filter(({ address }) => address !== '0.0.0.0')
      .map(
        ({ address, hostPort, setting }) =>
          `${name} publishes ${hostPort} on ${address} (${setting}), and a Swarm opens ports on every address of a node`,
      ),
  );
  const unknown = [...services, ...jobs].flatMap((workload) =>
    Object.keys(workload)
      .filter((field) => !said.has(field))
      .map(
        (field) =>
          `a Swarm does not say "${field}" of ${workload.name}. Teach components/swarm/task-args.ts, or list it in stacks/swarm/differences.ts`,
      ),
  );
  return [...binds, ...addresses, ...unknown, ...longNames(topology)].map(
    (problem) => `${stack}: ${problem}`,
  );
}

/** Fields of a service or job that components/swarm/ says, or that the list above is about: a new one is not dropped silently. */
const said = new Set([
  ...[
    'name',
    'image',
    'entrypoint',
    'command',
    'env',
    'user',
    'tmpfs',
    'volumes',
    'binds',
    'files',
    'secrets',
  ],
  ...['memoryMiB', 'cpus', 'shmMiB', 'after', 'exceptions', 'timeoutSeconds', 'egress', 'patient'],
  ...['replicas', 'port', 'health', 'stopGraceSeconds', 'rollout', 'publish'],
]);
