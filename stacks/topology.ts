/**
 * The product as plain data: services, one-shot jobs, and the links between them. Everything that runs or shows the product
 * (Pulumi containers, compose, a picture) reads this and nothing else.
 */
export interface Topology {
  /** Name of the stack, such as `staging`. */
  readonly stack: string;
  readonly services: readonly Service[];
  readonly jobs: readonly Job[];
  /** Who may talk to whom. A link is a network of its own: what is not listed cannot be reached. */
  readonly links: readonly Link[];
  readonly volumes: readonly DataVolume[];
  readonly passwords: readonly Password[];
  readonly certificates: readonly Certificate[];
}

/**
 * `from` asks `to`. A link is a network with the replicas of these two services on it and nobody else, not even the host; Docker cannot
 * say in which direction connections are opened on it.
 */
export interface Link {
  readonly from: string;
  readonly to: string;
}

/** A volume that outlives containers, releases and `pulumi destroy`. */
export interface DataVolume {
  readonly name: string;
}

/** A random password, made once per stack; containers see it only as a file of its name. */
export interface Password {
  readonly name: string;
  /** Characters, letters and digits only. */
  readonly length: number;
  /** Where it can be rotated: under which name it is kept, and how often it has been made anew. */
  readonly kept?: { readonly as: string; readonly generation: number };
  /** The user's own text; without it, one is made. */
  readonly own?: string;
  /** The service that lets others in by it. It learns of a new one last, so that nobody is refused. */
  readonly checkedBy?: string;
}

/** A certificate for https; containers see it as two files, see `certificateFiles`. */
export interface Certificate {
  readonly name: string;
  /** What a self-signed one is made for: host names and addresses. */
  readonly hosts: readonly string[];
  /** The user's own pair as PEM text; without it, one is self-signed for a year and renewed by an `up` in its last month. */
  readonly own?: { readonly certificate: string; readonly key: string };
}

/** The names of a certificate's two secret files. */
export function certificateFiles({ name }: Pick<Certificate, 'name'>): { certificate: string; key: string } {
  return { certificate: `${name}-certificate`, key: `${name}-key` };
}

/** What services and jobs have in common: one container's worth of facts. */
export interface Workload {
  readonly name: string;
  readonly image: Image;
  /** Replaces the image's ENTRYPOINT. Default: the image's. */
  readonly entrypoint?: readonly string[];
  /** Replaces the image's CMD. */
  readonly command?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Numeric `uid:gid`, never root. */
  readonly user: string;
  /** Writable folders in memory: path → mount options. Everything else is read-only. */
  readonly tmpfs: Readonly<Record<string, string>>;
  readonly volumes: readonly VolumeMount[];
  /** Folders that the container shares with the host: of this checkout, in local development, or one for backups. */
  readonly binds?: readonly BindMount[];
  readonly files?: ConfigFiles;
  /** Passwords and parts of certificates by name, as files in /run/secrets. */
  readonly secrets: readonly string[];
  readonly memoryMiB: number;
  readonly cpus: number;
  /** Bytes of /dev/shm in MiB. Default: 64, as Docker's. */
  readonly shmMiB?: number;
  /** Names of the services (healthy) and jobs (done) that must be there first. */
  readonly after: readonly string[];
  /** Why it has a way out of the stack, a network of its own. Docker cannot narrow it to one address. Default: it has none. */
  readonly egress?: string;
  /** Where it is less closed than in staging, each with its reason. Default: nowhere. */
  readonly exceptions?: readonly Exception[];
}

/** A long-running part of the product. */
export interface Service extends Workload {
  readonly replicas: number;
  /** The port it listens on inside its networks; undefined where nobody can ask it anything. */
  readonly port?: number;
  readonly health: HealthCheck;
  /** Seconds between the request to stop and the kill. */
  readonly stopGraceSeconds: number;
  /**
   * `start-first`: a candidate proves the release, all new replicas are healthy, then the old ones stop.
   * `stop-first`: the old one stops before the new one starts, as it owns a port or a data volume.
   */
  readonly rollout: Rollout;
  readonly publish: readonly PublishedPort[];
}

export type Rollout =
  { readonly order: 'start-first'; readonly candidate: HealthCheck } | { readonly order: 'stop-first' };

/** Runs once per release and must end with 0 before what comes after it starts. */
export interface Job extends Workload {
  readonly command: readonly string[];
  /** Seconds that it may take. */
  readonly timeoutSeconds: number;
  /** It waits itself for the services it is `after`: `up` starts it beside those that have no replica yet. Default: after them. */
  readonly patient?: boolean;
}

export type Image = PulledImage | BuiltImage;

/** An image that the engine pulls. */
export interface PulledImage {
  readonly kind: 'pulled';
  readonly reference: string;
}

/** An image that the engine builds from this repository. */
export interface BuiltImage {
  readonly kind: 'built';
  readonly name: string;
  /** Build context, relative to the repository. */
  readonly context: string;
  /** Stage of the context's Dockerfile. */
  readonly target: string;
  readonly args: Readonly<Record<string, string>>;
  /** What the image is made from, relative to the context: a change there, and only there, makes a new image. */
  readonly sources: readonly string[];
}

/** `volume` is the name of a DataVolume. */
export interface VolumeMount {
  readonly volume: string;
  readonly target: string;
  /** Default: it may write there. */
  readonly readOnly?: true;
}

/** `source` is a folder of the repository, or an absolute path of the engine's machine; seen live by both sides, and there already. */
export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
}

/** A door that is open on purpose. */
export interface Exception {
  readonly what: string;
  readonly why: string;
}

/** Read-only configuration in one folder of the container. */
export interface ConfigFiles {
  readonly target: string;
  readonly entries: readonly FileEntry[];
  /** Command that must end with 0 on the new files before a running container sees them. */
  readonly check?: readonly string[];
}

/** `path` is relative to the folder; `source` is a file or folder of the repository, `content` is text made from settings. */
export type FileEntry =
  { readonly path: string; readonly source: string } | { readonly path: string; readonly content: string };

/** A Docker health check; all times in seconds. */
export interface HealthCheck {
  readonly test: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly retries: number;
  readonly startPeriod: number;
}

/** A port of this host, on one named address. */
export interface PublishedPort {
  /** The setting that chooses the host's port. */
  readonly setting: string;
  readonly address: string;
  /** The first replica's; each further one has the next. */
  readonly hostPort: number;
  readonly containerPort: number;
}

/** Restarts after a failure; then the container stays down and says why. */
export const maxRestarts = 5;

/** Name of the network that a link is. */
export function networkOf(link: Link): string {
  return `${link.from}-${link.to}`;
}

/** Name of the network that gives a service its published ports; nothing else is on it. */
export function ingressOf(service: Pick<Service, 'name'>): string {
  return `${service.name}-ingress`;
}

/** Name of the network that leads a workload out of the stack; nothing else is on it. */
export function egressOf(workload: Pick<Workload, 'name'>): string {
  return `${workload.name}-egress`;
}

/** A link is closed on all sides; an ingress has the host's address, for published ports; an egress also leads outside. */
export type NetworkKind = 'link' | 'ingress' | 'egress';

/** Every network of a topology. */
export function allNetworks({ links, services, jobs }: Topology): { name: string; kind: NetworkKind }[] {
  const ingress = services.filter(({ publish }) => publish.length > 0).map(ingressOf);
  const egress = [...services, ...jobs].filter((workload) => workload.egress !== undefined).map(egressOf);
  return [
    ...links.map((link) => ({ name: networkOf(link), kind: 'link' as const })),
    ...ingress.map((name) => ({ name, kind: 'ingress' as const })),
    ...egress.map((name) => ({ name, kind: 'egress' as const })),
  ];
}

/** The links that a workload takes part in, with the name it answers to there (none where it only asks). */
export function attachments(
  topology: Topology,
  name: string,
): { network: string; alias: string | undefined }[] {
  return topology.links
    .filter((link) => link.from === name || link.to === name)
    .map((link) => ({ network: networkOf(link), alias: link.to === name ? name : undefined }))
    .sort((a, b) => a.network.localeCompare(b.network));
}

/** Every network that a workload is on: its links, and what its published ports and its way out need. */
export function networksOf(
  topology: Topology,
  workload: Service | Job,
): { network: string; alias: string | undefined }[] {
  const publishes = 'publish' in workload && workload.publish.length > 0;
  const own = [
    ...(publishes ? [ingressOf(workload)] : []),
    ...(workload.egress === undefined ? [] : [egressOf(workload)]),
  ];
  return [...attachments(topology, workload.name), ...own.map((network) => ({ network, alias: undefined }))];
}
