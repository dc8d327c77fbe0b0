import { egressOf, networkOf, type Topology } from '../stacks/topology.ts';

/** The topology as a Mermaid flowchart. */
export function toMermaid({ services, jobs, links }: Topology): string {
  const ports = services.flatMap(({ name, publish }) =>
    publish.map((port) => `  host((host)) -->|${port.address}:${port.hostPort}| ${name}`),
  );
  const nodes = services.map(
    ({ name, replicas, port }) =>
      `  ${name}["${name}${replicas > 1 ? ` ×${replicas}` : ''}${port === undefined ? '' : `<br/>port ${port}`}"]`,
  );
  const once = jobs.map(({ name }) => `  ${name}[/"${name}<br/>once per release"/]`);
  const arrows = links.map((link) => `  ${link.from} -->|${networkOf(link)}| ${link.to}`);
  const ways = [...services, ...jobs]
    .filter(({ egress }) => egress !== undefined)
    .map((workload) => `  ${workload.name} -->|${egressOf(workload)}| outside((outside))`);
  const volumes = services.flatMap(({ name, volumes }) =>
    volumes.map(({ volume }) => `  ${name} --- ${volume}[("${volume}")]`),
  );
  return ['flowchart LR', ...nodes, ...once, ...ports, ...arrows, ...ways, ...volumes, ''].join('\n');
}
