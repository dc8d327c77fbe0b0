import { isAbsolute } from 'node:path';
import { labelKeys, stackPrefix, type Role } from '../stacks/labels.ts';
import {
  allNetworks,
  maxRestarts,
  networksOf,
  type BindMount,
  type ConfigFiles,
  type Job,
  type Service,
  type Topology,
  type Workload,
} from '../stacks/topology.ts';
import type {
  ComposeBind,
  ComposeDocument,
  ComposeExport,
  ComposeHealthcheck,
  ComposeNetwork,
  ComposeService,
  RenderedFile,
} from './document.ts';
import { ownSecrets, secretsJob, secretsJobName, withMadeSecrets } from './secrets.ts';
import { networkOptions } from '../stacks/network-options.ts';
import { refuseUnknown } from './refuse.ts';

/** Renders a topology as a compose document and the files it mounts. Pure: no engine, no clock, no disk. */
export function composeExport(topology: Topology): ComposeExport {
  refuseUnknown(topology);
  const names = new Set(topology.services.map(({ name }) => name));
  const services = [...topology.services, ...topology.jobs].map((workload) => [
    workload.name,
    service(topology, workload, names),
  ]);
  const document: ComposeDocument = {
    name: stackPrefix(topology.stack),
    services: { ...Object.fromEntries(services), [secretsJobName]: secretsJob(topology) },
    networks: networks(topology),
    volumes: volumes(topology),
    ...secrets(topology),
  };
  return { document, files: renderedFiles(topology) };
}

function service(topology: Topology, workload: Service | Job, services: ReadonlySet<string>): ComposeService {
  return {
    ...image(topology, workload),
    ...(workload.entrypoint && { entrypoint: workload.entrypoint.map(escape) }),
    ...(workload.command && { command: workload.command.map(escape) }),
    user: workload.user,
    ...(Object.keys(workload.env).length > 0 && { environment: mapValues(workload.env, escape) }),
    ...dependsOn(topology, workload, services),
    networks: networksFor(topology, workload),
    ...('publish' in workload &&
      workload.publish.length > 0 && { ports: workload.publish.map((one) => port(one, workload.replicas)) }),
    ...mounts(topology, workload),
    ...own(topology, workload),
    tmpfs: Object.entries(workload.tmpfs).map(([path, options]) => `${path}:${options}`),
    shm_size: `${workload.shmMiB ?? 64}m`,
    ...('replicas' in workload ? longRunning(workload) : { restart: 'no' }),
    ...limits(workload, 'replicas' in workload ? workload.replicas : 1),
    ...hardening,
    labels: labels(topology.stack, workload.name, 'replicas' in workload ? 'replica' : 'job'),
    ...(workload.exceptions && {
      'x-exceptions': workload.exceptions.map(({ what, why }) => `${what}: ${why}`),
    }),
  };
}

/** Labels as in the Pulumi stack. */
export function labels(stack: string, name: string, role: Role): Record<string, string> {
  return { [labelKeys.role]: role, [labelKeys.service]: name, [labelKeys.stack]: stack };
}

/** What the hardening audit lets pass in containers of the export, and why. */
export const composeExceptions: Readonly<Record<string, string>> = {
  'pinned image':
    'the file is for any machine; set nginxImage and the like to NAME@sha256:… to pin them there too',
};

/** Closed by default, as every container of the Pulumi stack. */
export const hardening = {
  read_only: true,
  init: true,
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  dns_opt: ['ndots:1'],
  logging: { driver: 'json-file', options: { 'max-file': '3', 'max-size': '10m' } },
} as const;

/** Memory without swap, and CPUs. */
export function limits({ memoryMiB, cpus }: Pick<Workload, 'memoryMiB' | 'cpus'>, replicas: number) {
  const memory = `${memoryMiB}m`;
  return {
    memswap_limit: memory,
    deploy: { replicas, resources: { limits: { cpus: String(cpus), memory } } },
  };
}

function image({ stack }: Topology, { image }: Workload): Pick<ComposeService, 'image' | 'build'> {
  if (image.kind === 'pulled') return { image: image.reference };
  const { name, context, target, args } = image;
  return {
    image: `${stackPrefix(stack)}/${name}:compose`,
    build: { context: `./${context}`, target, args: { ...args, RELEASE: 'compose' } },
  };
}

function dependsOn(
  topology: Topology,
  workload: Workload,
  services: ReadonlySet<string>,
): Pick<ComposeService, 'depends_on'> {
  const conditions = workload.after.map((name) => [
    name,
    services.has(name) ? 'service_healthy' : 'service_completed_successfully',
  ]);
  if (withMadeSecrets(topology, workload))
    conditions.push([secretsJobName, 'service_completed_successfully']);
  if (conditions.length === 0) return {};
  return { depends_on: Object.fromEntries(conditions.map(([name, condition]) => [name, { condition }])) };
}

function networksFor(topology: Topology, workload: Service | Job): ComposeService['networks'] {
  return Object.fromEntries(
    networksOf(topology, workload).map(({ network, alias }) => [
      network,
      alias === undefined ? null : { aliases: [alias] },
    ]),
  );
}

/** With several replicas the engine gives each a port of the range. */
function port({ address, hostPort, containerPort }: Service['publish'][number], replicas: number): string {
  const range = replicas > 1 ? `${hostPort}-${hostPort + replicas - 1}` : hostPort;
  return `${address}:${range}:${containerPort}`;
}

function mounts(topology: Topology, workload: Workload): Pick<ComposeService, 'volumes'> {
  const volumes = [
    ...workload.volumes.map(({ volume, target, readOnly }) => `${volume}:${target}${readOnly ? ':ro' : ''}`),
    ...(workload.binds ?? []).map(bind),
    ...(workload.files ? configMounts(topology.stack, workload.name, workload.files) : []),
    ...(withMadeSecrets(topology, workload) ? [`${workload.name}-secrets:/run/secrets:ro`] : []),
  ];
  return volumes.length > 0 ? { volumes } : {};
}

function own(topology: Topology, { secrets }: Workload): Pick<ComposeService, 'secrets'> {
  const files = ownSecrets(topology).filter((name) => secrets.includes(name));
  return files.length > 0 ? { secrets: files } : {};
}

/** What the user must put beside the file: no text of a secret is in it. */
function secrets(topology: Topology): Pick<ComposeDocument, 'secrets'> {
  const files = ownSecrets(topology).map((name) => [name, { file: `./secrets/${name}` }] as const);
  return files.length > 0 ? { secrets: Object.fromEntries(files) } : {};
}

function bind({ source, target, readOnly }: BindMount): ComposeBind {
  return {
    type: 'bind',
    source: isAbsolute(source) ? source : `./${source}`,
    target,
    read_only: readOnly,
    bind: { create_host_path: false },
  };
}

function configMounts(stack: string, name: string, { target, entries }: ConfigFiles): string[] {
  return entries.map((entry) => {
    const source = 'source' in entry ? entry.source : renderedPath(stack, name, entry.path);
    return `./${source}:${target}/${entry.path}:ro`;
  });
}

function longRunning({ health, stopGraceSeconds }: Service): Partial<ComposeService> & { restart: string } {
  return {
    healthcheck: healthcheck(health),
    restart: `on-failure:${maxRestarts}`,
    stop_signal: 'SIGTERM',
    stop_grace_period: `${stopGraceSeconds}s`,
  };
}

function healthcheck({
  test,
  interval,
  timeout,
  retries,
  startPeriod,
}: Service['health']): ComposeHealthcheck {
  return {
    test: test.map(escape),
    interval: `${interval}s`,
    timeout: `${timeout}s`,
    retries,
    start_period: `${startPeriod}s`,
  };
}

function networks(topology: Topology): Record<string, ComposeNetwork> {
  return Object.fromEntries(
    allNetworks(topology).map(({ name, kind }) => [
      name,
      { ...(kind === 'link' && { internal: true }), driver_opts: networkOptions(kind) },
    ]),
  );
}

function volumes(topology: Topology): Record<string, Record<string, never>> {
  const secrets = [...topology.services, ...topology.jobs].filter((one) => withMadeSecrets(topology, one));
  const names = [
    ...topology.volumes.map(({ name }) => name),
    ...secrets.map(({ name }) => `${name}-secrets`),
  ];
  return Object.fromEntries(names.map((name) => [name, {}]));
}

function renderedFiles({ stack, services, jobs }: Topology): RenderedFile[] {
  return [...services, ...jobs].flatMap(({ name, files }) =>
    (files?.entries ?? []).flatMap((entry) =>
      'content' in entry ? [{ path: renderedPath(stack, name, entry.path), content: entry.content }] : [],
    ),
  );
}

/** Compose cannot put text into a read-only container, only mount files; these are committed beside the compose file. */
function renderedPath(stack: string, service: string, path: string): string {
  return `compose/rendered/${stack}/${service}/${path}`;
}

/** Compose expands `$`; `$$` is a dollar. */
export function escape(text: string): string {
  return text.replaceAll('$', '$$$$');
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
