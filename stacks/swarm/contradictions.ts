import type { Settings } from '../settings.ts';

/** What is wrong with settings because of the engine that they are for, a line each. */
export function swarmContradictions(settings: Settings, given: readonly string[]): string[] {
  return settings.engine === 'swarm'
    ? [
        ...notOnSwarm.filter(({ when }) => when(settings, given)).map(({ says }) => says),
        ...openPorts(settings),
        ...registryMissing(settings),
      ]
    : given
        .filter((name) => name === 'registry' || name === 'overlayEncryption')
        .map((name) => `${name} says nothing without engine swarm. Run: pulumi config set engine swarm`);
}

/** Settings that a Swarm cannot keep the promise of. */
const notOnSwarm: readonly {
  when: (settings: Settings, given: readonly string[]) => boolean;
  says: string;
}[] = [
  {
    when: ({ dev }) => dev,
    says: 'dev shares this checkout with its containers, which the nodes of a Swarm do not have. Run: pulumi config set engine docker',
  },
  {
    when: ({ 'metrics.dockerGroup': group }) => group !== undefined,
    says: "metrics.dockerGroup shows the containers of one engine, and a Swarm has one on every node. Run: pulumi config rm 'metrics.dockerGroup'",
  },
  {
    when: ({ 'backup.folder': folder }) => folder !== undefined,
    says: "backup.folder is of one machine, and a Swarm's services share nothing with theirs. Run: pulumi config rm backup.folder",
  },
  {
    when: ({ databasePasswordVersion: version }) => version !== 1,
    says: 'databasePasswordVersion needs secrets that change under a running container, and those of a Swarm do not. Run: pulumi config rm databasePasswordVersion',
  },
];

/** Swarm cannot publish a port on one address. That it is open on all of them has to be said. */
function openPorts({ bindAddress, metrics, 'metrics.address': dashboards }: Settings): string[] {
  const addresses = { bindAddress, ...(metrics && { 'metrics.address': dashboards }) };
  return Object.entries(addresses)
    .filter(([, address]) => address !== '0.0.0.0')
    .map(
      ([key, address]) =>
        `${key} is ${address}, and a Swarm opens ports on every address of a node. Run: pulumi config set ${key} 0.0.0.0`,
    );
}

function registryMissing({ registry }: Settings): string[] {
  return registry === undefined
    ? [
        'engine swarm needs registry, from which every node gets the images that are built. Run: pulumi config set registry registry.example.com/team',
      ]
    : [];
}
