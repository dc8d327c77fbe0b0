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

/** A link between two boxes. */
export interface Arrow {
  readonly from: Box;
  readonly to: Box;
  readonly label: string;
}

/** Everything that the picture shows, with places. Pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly ports: readonly { readonly box: Box; readonly label: string }[];
}

const size = { width: 172, height: 92, gapX: 92, gapY: 96, margin: 40, outside: 150 };

/** Places services in columns by their distance from the outside, so that requests run from left to right. */
export function layout(topology: Topology): Layout {
  const columns = columnsOf(topology);
  const tallest = Math.max(...columns.map((names) => names.length));
  const height = 2 * size.margin + tallest * size.height + (tallest - 1) * size.gapY + 30;
  const boxes = columns.flatMap((names, column) =>
    names.map((name, row) => box(topology, name, column, row, names.length, height)),
  );
  const find = (name: string) => boxes.find((one) => one.name === name)!;
  return {
    width: size.outside + columns.length * (size.width + size.gapX) - size.gapX + size.margin,
    height,
    boxes,
    arrows: topology.links.map((link) => ({
      from: find(link.from),
      to: find(link.to),
      label: networkOf(link),
    })),
    ports: topology.services.flatMap((service) =>
      service.publish.map((port) => ({ box: find(service.name), label: `${port.address}:${port.hostPort}` })),
    ),
  };
}

/** Names by distance from the outside; jobs stand in the column before what they talk to. */
function columnsOf({ services, jobs, links }: Topology): string[][] {
  const depth = new Map<string, number>(
    services.filter(({ name }) => links.every(({ to }) => to !== name)).map(({ name }) => [name, 0]),
  );
  for (let changed = true; changed;) {
    changed = links.some((link) => deepen(link, depth));
  }
  for (const { name } of jobs)
    depth.set(
      name,
      Math.max(0, ...links.filter(({ from }) => from === name).map(({ to }) => (depth.get(to) ?? 1) - 1)),
    );
  const names = [...services, ...jobs].map(({ name }) => name);
  const last = Math.max(...depth.values());
  return Array.from({ length: last + 1 }, (_, column) =>
    names.filter((name) => (depth.get(name) ?? 0) === column),
  );
}

function deepen({ from, to }: Link, depth: Map<string, number>): boolean {
  const start = depth.get(from);
  if (start === undefined || (depth.get(to) ?? -1) >= start + 1) return false;
  depth.set(to, start + 1);
  return true;
}

function box(
  topology: Topology,
  name: string,
  column: number,
  row: number,
  rows: number,
  height: number,
): Box {
  const workload = [...topology.services, ...topology.jobs].find((one) => one.name === name)!;
  const service = 'replicas' in workload ? (workload as Service) : undefined;
  const used = rows * size.height + (rows - 1) * size.gapY;
  return {
    name,
    x: size.outside + column * (size.width + size.gapX),
    y: (height - used) / 2 + row * (size.height + size.gapY),
    width: size.width,
    height: size.height,
    lines: [
      workload.image.kind === 'pulled' ? workload.image.reference : `built from ${workload.image.context}/`,
      service
        ? `${service.port === undefined ? '' : `port ${service.port} · `}${workload.memoryMiB} MiB`
        : 'runs once per release',
      ...workload.volumes.map(({ volume }) => `▤ ${volume}`),
    ],
    replicas: service?.replicas ?? 1,
    job: service === undefined,
  };
}
