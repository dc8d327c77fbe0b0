import { createServer, type AddressInfo } from 'node:net';
import type { DockerCli } from '../engine/docker-cli.ts';
import { labelKeys } from '../stacks/labels.ts';
import type { Topology } from '../stacks/topology.ts';

/** One connection that was possible: `edge-1 → gateway:8080`. */
export interface Reached {
  readonly from: string;
  /** A service, `host`, or `outside`. */
  readonly to: string;
  readonly port: number;
}

/** A running container of a stack. */
interface Station {
  readonly docker: DockerCli;
  readonly id: string;
  readonly service: string;
  readonly addresses: readonly { readonly network: string; readonly address: string }[];
  /** The engine host's address on each of its networks. */
  readonly gateways: readonly string[];
  /** Ports on which anything inside listens for others. */
  readonly ports: readonly number[];
}

/** What is tried from a station. */
export interface Target {
  /** A service, `host`, `outside`, or `nowhere`: an address that nobody has. */
  readonly to: string;
  readonly address: string;
  readonly port: number;
  /** Whether the address is on a network that the station is on too. */
  readonly shared?: boolean;
}

/** Set aside for documentation, so that nobody has it. https://www.rfc-editor.org/rfc/rfc5737 */
const nobody = '203.0.113.1';

/**
 * What the links allow, sorted: a link is a network of two services, so either end may open connections to the other, and replicas
 * of one service to each other. Services that publish a port are also on a network with the host's address; nothing leads outside,
 * but for services with a way out, which reach the host by it as well.
 * @param listening ports by service, as measured.
 * @param swarm of a stack on a Swarm: services of which more than one was found. All its ways out are docker_gwbridge, which services
 * with published ports are on as well.
 */
export function allowed(
  topology: Topology,
  listening: ReadonlyMap<string, readonly number[]>,
  swarm?: { readonly several: readonly string[] },
): string[] {
  const running = new Set(topology.services.map(({ name }) => name));
  const pairs = topology.links
    .filter(({ from, to }) => running.has(from) && running.has(to))
    .flatMap(({ from, to }) => [[from, to] as const, [to, from] as const]);
  const siblings = topology.services.filter(
    ({ name, replicas }) => replicas > 1 || swarm?.several.includes(name),
  );
  pairs.push(...siblings.map(({ name }) => [name, name] as const));
  const links = pairs.flatMap(([from, to]) =>
    (listening.get(to) ?? []).map((port) => `${from} → ${to}:${port}`),
  );
  const near = topology.services.filter(({ publish, egress }) => publish.length > 0 || egress);
  const own = [...topology.services, ...topology.jobs].filter(({ egress }) => egress);
  const out = swarm && own.length > 0 ? near : own;
  return [
    ...new Set([
      ...links,
      ...near.map(({ name }) => `${name} → host`),
      ...out.filter(({ name }) => running.has(name)).map(({ name }) => `${name} → outside`),
    ]),
  ].sort();
}

/** What a measurement found. */
export interface Reachability {
  /** `from → to:port`, sorted. */
  readonly reached: readonly string[];
  readonly listening: ReadonlyMap<string, readonly number[]>;
  /** How many connections were tried. */
  readonly tried: number;
  /** Services of which more than one was found. */
  readonly several: readonly string[];
}

/**
 * Tries, from inside the network of every running container that has the label, every other one on every address and every port
 * that anything listens on, the host on each of its addresses there, and `outside`.
 * @param image any image with Node.js; the probes run in it.
 * @param outside an address that containers on an ordinary network can reach.
 * @param nodes addresses of the machines that the engines are on, with something that listens; without them, the engine is on this one.
 */
export async function measureReachability(
  engines: readonly DockerCli[],
  label: string,
  image: string,
  outside: { address: string; port: number },
  nodes: readonly { address: string; port: number }[] = [],
): Promise<Reachability> {
  const found = await Promise.all(engines.map((docker) => findStations(docker, label, image)));
  const stations = found.flat();
  const listener = createServer((socket) => socket.end()).listen(0, '0.0.0.0');
  await new Promise((resolve) => listener.once('listening', resolve));
  const here = hostTargets(stations, (listener.address() as AddressInfo).port);
  const hosts = nodes.length > 0 ? nodes.map((node) => ({ to: 'host', ...node })) : here;
  try {
    const probed = stations.map((station) => {
      const services = servicesFrom(station, stations);
      const targets = [...services, ...nowhereAt(services), ...hosts, { to: 'outside', ...outside }];
      return probe(image, station, targets).then((reached) => ({ reached, tried: targets.length }));
    });
    return summary(stations, await Promise.all(probed));
  } finally {
    listener.close();
  }
}

function summary(
  stations: readonly Station[],
  results: readonly { reached: readonly Reached[]; tried: number }[],
): Reachability {
  const names = stations.map(({ service }) => service);
  return {
    reached: [...new Set(results.flatMap(({ reached }) => reached.map(describe)))].sort(),
    listening: new Map(stations.map(({ service, ports }) => [service, ports])),
    tried: results.reduce((sum, { tried }) => sum + tried, 0),
    several: [...new Set(names.filter((name, index) => names.indexOf(name) !== index))],
  };
}

function describe({ from, to, port }: Reached): string {
  return to === 'host' || to === 'outside' ? `${from} → ${to}` : `${from} → ${to}:${port}`;
}

function servicesFrom(station: Station, stations: readonly Station[]): Target[] {
  const own = station.addresses.map(({ network }) => network);
  return stations
    .filter(({ id }) => id !== station.id)
    .flatMap(({ service: to, addresses, ports }) =>
      addresses.flatMap(({ network, address }) =>
        ports.map((port) => ({ to, address, port, shared: own.includes(network) })),
      ),
    );
}

/** An address that nobody has, at every port that is tried elsewhere. */
function nowhereAt(targets: readonly Target[]): Target[] {
  return [...new Set(targets.map(({ port }) => port))].map((port) => ({
    to: 'nowhere',
    address: nobody,
    port,
  }));
}

function hostTargets(stations: readonly Station[], port: number): Target[] {
  const gateways = new Set(stations.flatMap((one) => one.gateways));
  return [...gateways].map((address) => ({ to: 'host', address, port }));
}

async function findStations(docker: DockerCli, label: string, image: string): Promise<Station[]> {
  const ids = await docker.lines('ps', '--quiet', '--no-trunc', '--filter', `label=${label}`);
  if (ids.length === 0) return [];
  const inspected = JSON.parse(await docker.run('inspect', ...ids)) as InspectedNetworks[];
  return Promise.all(
    inspected.map(async ({ Id: id, Config, NetworkSettings }) => {
      const networks = Object.entries(NetworkSettings.Networks);
      return {
        docker,
        id,
        service: Config.Labels[labelKeys.service]!,
        addresses: networks
          .map(([network, { IPAddress }]) => ({ network, address: IPAddress }))
          .filter(({ address }) => address),
        gateways: networks.map(([, { Gateway }]) => Gateway).filter(Boolean),
        ports: await listeningPorts(docker, image, id),
      };
    }),
  );
}

interface InspectedNetworks {
  readonly Id: string;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly NetworkSettings: {
    readonly Networks: Readonly<Record<string, { readonly IPAddress: string; readonly Gateway: string }>>;
  };
}

async function listeningPorts(docker: DockerCli, image: string, id: string): Promise<number[]> {
  const table = await inNetworkOf(docker, image, id, 'cat', '/proc/net/tcp', '/proc/net/tcp6');
  return parseListening(table);
}

/**
 * The ports in /proc/net/tcp and tcp6 that others can reach: state 0A is LISTEN; what listens on loopback is nobody else's.
 * https://docs.kernel.org/networking/proc_net_tcp.html
 */
export function parseListening(table: string): number[] {
  const listening = table
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === '0A')
    .map((columns) => columns[1]!.split(':') as [address: string, port: string])
    .filter(([address]) => !/^([0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000.{6}7F)$/.test(address));
  return [...new Set(listening.map(([, port]) => parseInt(port, 16)))].sort((a, b) => a - b);
}

const connectAll = `
  const targets = JSON.parse(process.argv[1]);
  const attempt = (target) => new Promise((resolve) => {
    const socket = require('net').connect(target.port, target.address);
    const end = (reached) => { socket.destroy(); resolve(reached ? [target] : []); };
    socket.on('connect', () => end(true)).on('error', () => end(false)).setTimeout(2000, () => end(false));
  });
  Promise.all(targets.map(attempt)).then((reached) => console.log(JSON.stringify(reached.flat())));`;

async function probe(
  image: string,
  { docker, id, service: from }: Station,
  targets: readonly Target[],
): Promise<Reached[]> {
  const said = await inNetworkOf(docker, image, id, 'node', '-e', connectAll, JSON.stringify(targets));
  return meant(JSON.parse(said) as Target[]).map(({ to, port }) => ({ from, to, port }));
}

/**
 * Of what answered, that which was meant. There are networks whose way out answers for every address (a proxy that catches all): from
 * a service with a way out, an address that it shares no network with then says nothing, as one that nobody has answers too.
 */
export function meant(answered: readonly Target[]): Target[] {
  const caught = new Set(answered.filter(({ to }) => to === 'nowhere').map(({ port }) => port));
  return answered.filter(
    ({ to, port, shared }) => to !== 'nowhere' && (shared !== false || !caught.has(port)),
  );
}

/** Runs a command in the network namespace of a container: for that, nobody need be root on the host. */
function inNetworkOf(docker: DockerCli, image: string, id: string, ...command: string[]): Promise<string> {
  return docker.run(
    'run',
    '--rm',
    '--network',
    `container:${id}`,
    '--user',
    '65534:65534',
    image,
    ...command,
  );
}

/** What differs: reached and not allowed, or allowed and not reached. */
export function differences(reached: readonly string[], expected: readonly string[]): string[] {
  return [
    ...reached.filter((one) => !expected.includes(one)).map((one) => `${one}: no link allows it`),
    ...expected.filter((one) => !reached.includes(one)).map((one) => `${one}: a link, and not reachable`),
  ];
}
