import { certificateProblems } from './certificate.ts';
import { keys } from './setting-keys.ts';
import type { Settings } from './settings.ts';

/** What is wrong with settings only when they are seen together, a line each. */
export function contradictions(settings: Settings, hostPorts: readonly string[]): string[] {
  return [
    ownImageNeeds(settings, 'productApi'),
    ownImageNeeds(settings, 'storefront'),
    portVariable(settings, 'productApi'),
    portVariable(settings, 'storefront'),
    connectionBudget(settings),
    tlsPair(settings),
    samePorts(hostPorts.map((key) => [key, (settings as unknown as Record<string, unknown>)[key]])),
  ].flat();
}

/** How a wrong setting is mended. */
export function mend(name: string, example: string): string {
  return `Run: pulumi config set ${name} ${example}`;
}

function ownImageNeeds(settings: Settings, app: 'productApi' | 'storefront'): string[] {
  const needsPath = settings[`${app}Image`] !== undefined && settings[`${app}HealthPath`] === undefined;
  return needsPath
    ? [
        `${app}Image needs ${app}HealthPath, the path that answers 200 when it is ready. ${mend(`${app}HealthPath`, '/healthz')}`,
      ]
    : [];
}

/** nginx and the health check go to the port of the settings; an app that listens elsewhere would never be healthy. */
function portVariable(settings: Settings, app: 'productApi' | 'storefront'): string[] {
  const port = settings[`${app}Env`]['PORT'];
  if (port === undefined || port === String(settings[`${app}Port`])) return [];
  return [`${app}Env sets PORT, which ${app}Port decides. Take it out, and ${mend(`${app}Port`, '8080')}`];
}

function tlsPair({ tlsCertificate: certificate, tlsKey: key }: Settings): string[] {
  if (certificate === undefined && key === undefined) return [];
  const [set, missing] =
    certificate === undefined ? ['tlsKey', 'tlsCertificate'] : ['tlsCertificate', 'tlsKey'];
  if (certificate === undefined || key === undefined)
    return [`${set} needs ${missing}. ${mend(missing, keys[missing as 'tlsKey'].kind.example)}`];
  return certificateProblems(certificate, key, Date.now()).map(
    (problem) =>
      `${problem}. Run: pulumi config set tlsCertificate ./certificate.pem; pulumi config set tlsKey ./key.pem`,
  );
}

/** Connections outside the pools: 3 reserved for the superuser, the migration job, and a spare for a person with psql. */
const otherConnections = 6;

function connectionBudget(settings: Settings): string[] {
  const { replicas, databasePoolSize: pool, databaseMaxConnections: max } = settings;
  // A release runs the old and the new replicas side by side, and the candidate before them.
  const needed = (2 * replicas + 1) * (pool + 1) + otherConnections;
  if (needed <= max) return [];
  return [
    `databaseMaxConnections must be at least ${needed}, got ${max}: a release needs (2 × ${replicas} replicas + 1 candidate) × ` +
      `(${pool} connections + 1 that watches) + ${otherConnections} others. ${mend('databaseMaxConnections', String(needed))}`,
  ];
}

/** Two ports of the host that are the same one. */
export function samePorts(ports: readonly (readonly [key: string, port: unknown])[]): string[] {
  return ports.flatMap(([key, port], index) => {
    const other = ports.slice(0, index).find(([, earlier]) => earlier === port && port !== undefined);
    if (!other) return [];
    const free = String(Number(port) + 1);
    return [`${other[0]} and ${key} must differ, both are ${port}. ${mend(key, free)}`];
  });
}
