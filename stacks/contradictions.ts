import { bucketContradictions } from './bucket-contradictions.ts';
import { certificateProblems, isCertificate } from './certificate.ts';
import { leastMiB } from './metrics/room.ts';
import { managedContradictions } from './managed-contradictions.ts';
import { keys } from './setting-keys.ts';
import type { Settings } from './settings.ts';
import { swarmContradictions } from './swarm/contradictions.ts';

/**
 * What is wrong with settings only when they are seen together, a line each.
 * @param given the keys that the stack sets itself.
 * @param hostPorts the keys that choose a port of the host.
 */
export function contradictions(
  settings: Settings,
  given: readonly string[],
  hostPorts: readonly string[],
): string[] {
  return [
    ownImageNeeds(settings, 'productApi'),
    ownImageNeeds(settings, 'storefront'),
    portVariable(settings, 'productApi'),
    portVariable(settings, 'storefront'),
    connectionBudget(settings),
    tlsPair(settings),
    shortCache(settings),
    samePorts(hostPorts.flatMap((key) => portRange(settings, key))),
    backupIsOff(settings, given),
    backupRecipient(settings),
    bucketContradictions(settings, given),
    metricsRoom(settings),
    managedContradictions(settings, given),
    swarmContradictions(settings, given),
    ...(settings.dev ? [devUserMissing(settings)] : [devIsOff(given)]),
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

function shortCache({ edgeCacheSeconds: seconds }: Settings): string[] {
  if (seconds !== 1) return [];
  return [
    `edgeCacheSeconds must be 0 or 2 and more, got 1: nginx counts whole seconds, and the second would become two. ${mend('edgeCacheSeconds', '2')}`,
  ];
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

function devUserMissing({ devUser }: Settings): string[] {
  if (devUser !== undefined) return [];
  return [
    `dev runs its services as the user who calls it, and that cannot be root. Call it as an ordinary user, or name one. ${mend('devUser', '1000:1000')}`,
  ];
}

function devIsOff(given: readonly string[]): string[] {
  return given
    .filter((name) => name !== 'dev' && name.startsWith('dev'))
    .map((name) => `${name} says nothing without dev. ${mend('dev', 'true')}`);
}

function backupIsOff(settings: Settings, given: readonly string[]): string[] {
  if (settings['backup.schedule'] !== undefined) return [];
  return given
    .filter((name) => name.startsWith('backup.'))
    .map(
      (name) =>
        `${name} needs backup.schedule, when backups are made. ${mend('backup.schedule', "'0 3 * * *'")}`,
    );
}

function backupRecipient({ 'backup.encryptTo': recipient }: Settings): string[] {
  if (recipient === undefined || isCertificate(recipient)) return [];
  return [
    `backup.encryptTo is no certificate that can be read. ${mend('backup.encryptTo', './backup-certificate.pem')}`,
  ];
}

function metricsRoom(settings: Settings): string[] {
  const { metrics, 'metrics.diskMiB': room, 'metrics.keepDays': days } = settings;
  const least = leastMiB(settings);
  if (!metrics || room >= least) return [];
  return [
    `metrics.diskMiB must be at least ${least} for metrics.keepDays ${days}, got ${room}. ${mend('metrics.diskMiB', String(least))}`,
  ];
}

/** A setting that takes `count` ports of the host, from `first` on. */
export interface PortRange {
  readonly key: string;
  readonly first: number;
  readonly count: number;
}

/** Replicas have ports one after the other; those of local development are taken only there. */
function portRange(settings: Settings, key: string): PortRange[] {
  const first = (settings as unknown as Record<string, number | undefined>)[key];
  if (first === undefined || isIdle(settings, key)) return [];
  const counts: Record<string, number> = {
    devProductApiDebugPort: settings.replicas,
    devStorefrontDebugPort: settings.storefrontReplicas,
  };
  return [{ key, first, count: counts[key] ?? 1 }];
}

function isIdle({ dev, metrics }: Settings, key: string): boolean {
  return (key.startsWith('dev') && !dev) || (key.startsWith('metrics') && !metrics);
}

/** Settings that take the same port of the host. */
export function samePorts(ranges: readonly PortRange[]): string[] {
  const free = Math.max(...ranges.map(({ first, count }) => first + count));
  return ranges.flatMap((one, index) => {
    const other = ranges
      .slice(0, index)
      .find((earlier) => one.first < earlier.first + earlier.count && earlier.first < one.first + one.count);
    if (!other) return [];
    const clash =
      one.count + other.count === 2
        ? `both are ${one.first}`
        : `${other.key} takes ${shown(other)}, ${one.key} ${shown(one)}`;
    return [`${other.key} and ${one.key} must differ, ${clash}. ${mend(one.key, String(free))}`];
  });
}

function shown({ first, count }: PortRange): string {
  return count === 1 ? String(first) : `${first} to ${first + count - 1}`;
}
