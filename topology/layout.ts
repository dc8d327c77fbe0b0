import { networkOf, type Link, type Service, type Topology } from '../stacks/topology.ts';

/** A box of the picture. */
export interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly lines: readonly string[];
  readonly replicas: number;
  readonly job: boolean;
}

/** A link between two boxes, and where it is drawn: in the row of requests, or up from who looks on, or between two of those. */
export interface Arrow {
  readonly from: Box;
  readonly to: Box;
  readonly label: string;
  readonly way: 'request' | 'up' | 'beside';
}

/** Where a box is reached from the host: from the left, or from below where another box stands to the left. */
export interface Ports {
  readonly box: Box;
  readonly addresses: readonly string[];
  readonly side: 'left' | 'below';
}

/** Everything that the picture shows, with places. Pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly ports: readonly Ports[];
}

const size = { width: 184, height: 92, gapX: 80, gapY: 96, margin: 40, outside: 150, bow: 100 };

/** Where a box stands: pixels from the top, and columns from the left. */
interface Place {
  readonly column: number;
  readonly y: number;
}

/**
 * Requests run from left to right, in columns by their distance from the outside. What no request passes through (metrics,
 * backups) stands in a row below, near what it asks.
 */
export function layout(topology: Topology): Layout {
  const columns = columnsOf(topology);
  const tallest = Math.max(...columns.map((names) => names.length));
  const below = size.margin + tallest * (size.height + size.gapY) - size.gapY + size.bow;
  const places = new Map([...requestPlaces(columns, tallest), ...onlookerPlaces(topology, columns, below)]);
  const boxes = [...places].map(([name, place]) => box(topology, name, place));
  const find = (name: string) => boxes.find((one) => one.name === name)!;
  return {
    width: size.outside + columns.length * (size.width + size.gapX) - size.gapX + size.margin,
    height: Math.max(...boxes.map(({ y }) => y)) + size.height + size.bow,
    boxes,
    arrows: topology.links.map((link) => ({
      from: find(link.from),
      to: find(link.to),
      label: networkOf(link),
      way: wayOf(link, columns.flat()),
    })),
    ports: topology.services
      .filter(({ publish }) => publish.length > 0)
      .map(({ name, publish }) => ({
        box: find(name),
        addresses: publish.map(({ address, hostPort }) => `${address}:${hostPort}`),
        side: places.get(name)!.column === 0 ? 'left' : 'below',
      })),
  };
}

function wayOf({ from, to }: Link, inRequests: readonly string[]): Arrow['way'] {
  if (inRequests.includes(from)) return 'request';
  return inRequests.includes(to) ? 'up' : 'beside';
}

/** Names by distance from the first service that the outside reaches; jobs stand in the column before what they talk to. */
function columnsOf({ services, jobs, links }: Topology): string[][] {
  const entrance = services.find(({ publish }) => publish.length > 0) ?? services[0]!;
  const depth = new Map([[entrance.name, 0]]);
  // No way is longer than there are services, or links go round in a circle.
  for (let round = 0; round < services.length; round++) for (const link of links) deepen(link, depth);
  for (const { name } of jobs)
    depth.set(
      name,
      Math.max(0, ...links.filter(({ from }) => from === name).map(({ to }) => (depth.get(to) ?? 1) - 1)),
    );
  const last = Math.max(...depth.values());
  return Array.from({ length: last + 1 }, (_, column) =>
    [...services, ...jobs].map(({ name }) => name).filter((name) => depth.get(name) === column),
  );
}

function deepen({ from, to }: Link, depth: Map<string, number>): void {
  const start = depth.get(from);
  if (start !== undefined) depth.set(to, Math.max(depth.get(to) ?? 0, start + 1));
}

function requestPlaces(columns: string[][], tallest: number): [string, Place][] {
  const step = size.height + size.gapY;
  return columns.flatMap((names, column) =>
    names.map((name, row): [string, Place] => [
      name,
      { column, y: size.margin + ((tallest - names.length) / 2 + row) * step },
    ]),
  );
}

/** Each as near as can be to the middle of what it talks to and has a place already. */
function onlookerPlaces(
  { services, links }: Topology,
  columns: string[][],
  below: number,
): [string, Place][] {
  const places = new Map(columns.flatMap((names, column) => names.map((name) => [name, column] as const)));
  const onlookers = services.filter(({ name }) => !places.has(name)).map(({ name }) => name);
  return onlookers.map((name, index) => {
    const others = links.flatMap(({ from, to }) => (from === name ? [to] : to === name ? [from] : []));
    const known = others.flatMap((other) => places.get(other) ?? []);
    const wanted = known.reduce((sum, column) => sum + column, 0) / Math.max(1, known.length);
    const row = Math.floor(index / columns.length);
    const taken = onlookers.slice(row * columns.length, index).map((other) => places.get(other)!);
    const column = nearestFree(wanted, columns.length, taken);
    places.set(name, column);
    return [name, { column, y: below + row * (size.height + size.gapY) }];
  });
}

function nearestFree(wanted: number, count: number, taken: readonly number[]): number {
  const free = Array.from({ length: count }, (_, column) => column).filter(
    (column) => !taken.includes(column),
  );
  return free.sort((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0]!;
}

function box(topology: Topology, name: string, { column, y }: Place): Box {
  const workload = [...topology.services, ...topology.jobs].find((one) => one.name === name)!;
  const service = 'replicas' in workload ? (workload as Service) : undefined;
  return {
    name,
    x: size.outside + column * (size.width + size.gapX),
    y,
    width: size.width,
    height: size.height,
    lines: [
      workload.image.kind === 'pulled'
        ? workload.image.reference.replace(/^.*\//, '')
        : `built from ${workload.image.context}/`,
      service
        ? `${service.port === undefined ? '' : `port ${service.port} · `}${workload.memoryMiB} MiB`
        : 'runs once per release',
      ...workload.volumes.map(({ volume }) => `▤ ${volume}`),
      ...(workload.egress ? ['→ outside the stack'] : []),
    ],
    replicas: service?.replicas ?? 1,
    job: service === undefined,
  };
}
