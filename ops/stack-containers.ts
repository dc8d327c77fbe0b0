import type { DockerCli } from '../engine/docker-cli.ts';
import { labelFilters, labelKeys, type Role } from '../stacks/labels.ts';

/** A container of a stack, as people ask about it. */
export interface StackContainer {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly role: Role;
  /** `running`, `exited`, `created`, … */
  readonly state: string;
  /** `healthy`, `unhealthy`, `starting`; undefined where there is no health check. */
  readonly health: string | undefined;
  readonly restarts: number;
  readonly outOfMemory: boolean;
  /** A reference such as nginx:1.30-alpine, or the tag of a build. */
  readonly image: string;
  /** When it was started, as ISO text. */
  readonly started: string;
}

interface Inspected {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly Config: { readonly Labels: Readonly<Record<string, string>> };
  readonly State: {
    readonly Status: string;
    readonly StartedAt: string;
    readonly OOMKilled: boolean;
    readonly Health?: { readonly Status: string };
  };
}

/** All containers of a stack, replicas first. @throws DockerError */
export async function stackContainers(docker: DockerCli, stack: string): Promise<StackContainer[]> {
  const ids = await docker.lines('ps', '--all', '--quiet', '--no-trunc', ...labelFilters(stack));
  if (ids.length === 0) return [];
  const containers = JSON.parse(await docker.run('inspect', ...ids)) as Inspected[];
  const images = await imageNames(docker, [...new Set(containers.map(({ Image }) => Image))]);
  return containers.map((one) => describe(one, images)).sort((a, b) => a.name.localeCompare(b.name));
}

function describe(one: Inspected, images: ReadonlyMap<string, string>): StackContainer {
  return {
    id: one.Id,
    name: one.Name.replace(/^\//, ''),
    service: one.Config.Labels[labelKeys.service] ?? '?',
    role: one.Config.Labels[labelKeys.role] as Role,
    state: one.State.Status,
    health: one.State.Health?.Status,
    restarts: one.RestartCount,
    outOfMemory: one.State.OOMKilled,
    image: images.get(one.Image) ?? one.Image.slice(0, 19),
    started: one.State.StartedAt,
  };
}

/** The first name of each image; containers know only its id. An image without a name was replaced by a newer build. */
async function imageNames(docker: DockerCli, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const format = '{{.Id}} {{range .RepoTags}}{{.}} {{end}}';
  const lines = await docker.lines('image', 'inspect', '--format', format, ...ids);
  return new Map(lines.map((line) => line.split(' ') as [string, string]));
}
