import { relative } from 'node:path';
import type { ComposeBind, ComposeDocument, ComposeService } from '../../compose/document.ts';
import type { Topology } from '../../stacks/topology.ts';
import type { Registration } from './recorder.ts';

/** What both sides must agree on about one service or job, in neutral words. */
export interface Facts {
  readonly image: string;
  readonly entrypoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly env: readonly string[];
  readonly networks: readonly string[];
  readonly ports: readonly string[];
  readonly mounts: readonly string[];
  readonly binds: readonly string[];
  readonly tmpfs: readonly string[];
  readonly user: string;
  readonly hardening: string;
  readonly limits: string;
  readonly healthcheck: string;
  readonly restart: string;
  readonly stop: string;
  readonly replicas: number;
  readonly logging: string;
  readonly labels: string;
}

/** The inputs of a docker.Container, as far as they are compared. */
interface Inputs {
  readonly image: string;
  readonly entrypoints?: string[];
  readonly command?: string[];
  readonly envs: string[];
  readonly networksAdvanced: { name: string; aliases: string[] }[];
  readonly ports?: { ip: string; external: number; internal: number }[];
  readonly volumes: { containerPath: string; readOnly: boolean }[];
  readonly mounts?: { type: string; source: string; target: string; readOnly: boolean }[];
  readonly tmpfs: Record<string, string>;
  readonly user: string;
  readonly readOnly: boolean;
  readonly init: boolean;
  readonly capabilities: { drops: string[] };
  readonly securityOpts: string[];
  readonly dnsOpts: string[];
  readonly memory: number;
  readonly memorySwap: number;
  readonly cpus: string;
  readonly shmSize: number;
  readonly healthcheck: {
    tests: string[];
    interval: string;
    timeout: string;
    retries: number;
    startPeriod: string;
  };
  readonly restart: string;
  readonly maxRetryCount: number;
  readonly stopSignal: string;
  readonly stopTimeout: number;
  readonly logDriver: string;
  readonly logOpts: Record<string, string>;
  readonly labels: { label: string; value: string }[];
}

/** The facts of every replica set and job that a Pulumi program declared. */
export function fromPulumi(
  topology: Topology,
  registrations: readonly Registration[],
): Record<string, Facts> {
  const containers = registrations.filter(({ type }) => type === 'docker:index/container:Container');
  const names = [...topology.services, ...topology.jobs].map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, pulumiFacts(topology, name, containers)]));
}

function pulumiFacts(topology: Topology, name: string, containers: readonly Registration[]): Facts {
  const own = containers.filter((one) => one.name === name || new RegExp(`^${name}-\\d+$`).test(one.name));
  const inputs = own[0]!.inputs as unknown as Inputs;
  const job = topology.jobs.some((one) => one.name === name);
  const prefix = `product-stack-${topology.stack}-`;
  const command = inputs.command;
  return {
    image: imageName(topology, name, inputs.image),
    entrypoint: inputs.entrypoints,
    // A job's command is wrapped, see run-once.ts.
    command: job ? command!.slice(command!.indexOf('run-once') + 1) : command,
    env: inputs.envs,
    networks: inputs.networksAdvanced
      .map((one) => `${one.name.slice(prefix.length)} as ${one.aliases.join() || '-'}`)
      .sort(),
    ports: portRanges(own.map((replica) => (replica.inputs as unknown as Inputs).ports ?? [])),
    mounts: mountFacts(inputs.volumes.map((one) => `${one.containerPath}${one.readOnly ? ' ro' : ''}`)),
    binds: (inputs.mounts ?? []).map(
      (one) => `${one.type} ${inRepository(one.source)} ${one.target} ${one.readOnly}`,
    ),
    tmpfs: Object.entries(inputs.tmpfs).map(([path, options]) => `${path}:${options}`),
    user: inputs.user,
    hardening: JSON.stringify([
      inputs.readOnly,
      inputs.init,
      inputs.capabilities.drops,
      inputs.securityOpts,
      inputs.dnsOpts,
    ]),
    limits: JSON.stringify([inputs.memory, inputs.memorySwap, Number(inputs.cpus), inputs.shmSize]),
    healthcheck: job ? 'none' : pulumiHealth(inputs.healthcheck),
    restart: job ? 'no' : `${inputs.restart}:${inputs.maxRetryCount}`,
    stop: job ? '' : `${inputs.stopSignal} ${inputs.stopTimeout}s`,
    replicas: own.length,
    logging: JSON.stringify([inputs.logDriver, inputs.logOpts]),
    labels: JSON.stringify(inputs.labels.map(({ label, value }) => [label, value])),
  };
}

function inRepository(source: string): string {
  const path = relative('.', source);
  return path.startsWith('..') ? source : `./${path}`;
}

/** The replicas' ports as compose says them: the first and the last of each. */
function portRanges(replicas: readonly NonNullable<Inputs['ports']>[]): string[] {
  return replicas[0]!.map((first, index) => {
    const last = replicas.at(-1)![index]!;
    const range = last.external === first.external ? first.external : `${first.external}-${last.external}`;
    return `${first.ip}:${range}:${first.internal}`;
  });
}

function pulumiHealth({ tests, interval, timeout, retries, startPeriod }: Inputs['healthcheck']): string {
  return JSON.stringify([tests, seconds(interval), seconds(timeout), retries, seconds(startPeriod)]);
}

/** "1m30s" and "90s" are both 90. */
function seconds(text: string): number {
  const [, minutes = 0, rest = 0] = /^(?:(\d+)m)?(?:([\d.]+)s)?$/.exec(text)!;
  return Number(minutes) * 60 + Number(rest);
}

function imageName(topology: Topology, name: string, image: string): string {
  const known = [...topology.services, ...topology.jobs].find((one) => one.name === name)!.image;
  const expected = known.kind === 'pulled' ? known.reference : known.name;
  return image === `sha256:${expected}` ? expected : image;
}

/** Compose mounts configuration file by file, Pulumi as one volume: what counts is the folder. */
function mountFacts(targets: readonly string[]): string[] {
  const folders = targets.map((target) => target.replace(/^(\/etc\/product-stack)\/\S+/, '$1'));
  return [...new Set(folders)].sort();
}

/** The facts of every service of a compose document, the job that makes passwords aside. */
export function fromCompose(document: ComposeDocument): Record<string, Facts> {
  const services = Object.entries(document.services).filter(([name]) => name !== 'secrets');
  return Object.fromEntries(services.map(([name, service]) => [name, composeFacts(service)]));
}

function composeFacts(service: ComposeService): Facts {
  const { cpus, memory } = service.deploy.resources.limits;
  const named = (service.volumes ?? []).filter((one) => typeof one === 'string');
  const binds = (service.volumes ?? []).filter((one): one is ComposeBind => typeof one !== 'string');
  return {
    image: service.build?.target ?? service.image,
    entrypoint: service.entrypoint?.map(unescape),
    command: service.command?.map(unescape),
    env: Object.entries(service.environment ?? {})
      .map(([name, value]) => `${name}=${unescape(value)}`)
      .sort(),
    networks: Object.entries(service.networks ?? {})
      .map(([name, options]) => `${name} as ${options?.aliases?.join() ?? '-'}`)
      .sort(),
    ports: service.ports ?? [],
    mounts: mountFacts([
      ...named.map((volume) => volume.split(':').slice(1).join(' ')),
      ...(service.secrets ? ['/run/secrets ro'] : []),
    ]),
    binds: binds.map((one) => `${one.type} ${one.source} ${one.target} ${one.read_only}`),
    tmpfs: service.tmpfs ?? [],
    user: service.user,
    hardening: JSON.stringify([
      service.read_only,
      service.init,
      service.cap_drop,
      service.security_opt,
      service.dns_opt,
    ]),
    limits: JSON.stringify([
      mebibytes(memory),
      mebibytes(service.memswap_limit),
      Number(cpus),
      mebibytes(service.shm_size!),
    ]),
    healthcheck: composeHealth(service.healthcheck),
    restart: service.restart,
    stop: service.stop_signal === undefined ? '' : `${service.stop_signal} ${service.stop_grace_period}`,
    replicas: service.deploy.replicas,
    logging: JSON.stringify([service.logging.driver, service.logging.options]),
    labels: JSON.stringify(Object.entries(service.labels)),
  };
}

function composeHealth(check: ComposeService['healthcheck']): string {
  if (!check) return 'none';
  return JSON.stringify([
    check.test.map(unescape),
    seconds(check.interval),
    seconds(check.timeout),
    check.retries,
    seconds(check.start_period),
  ]);
}

function mebibytes(text: string): number {
  return Number(text.replace(/m$/, ''));
}

function unescape(text: string): string {
  return text.replaceAll('$$', '$');
}
