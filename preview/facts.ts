import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesUnder, sourceHash } from '../components/source-hash.ts';
import type { Image, Topology, Workload } from '../stacks/topology.ts';

/** A topology and what it is made from, at one commit. */
export interface Facts {
  readonly topology: Topology;
  /** By workload: the reference of a pulled image, the hash of a built one's sources. */
  readonly images: Readonly<Record<string, string>>;
  /** By workload: the hash of its configuration files, by path. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Collects the facts about the checkout in `folder`. */
export function factsOf(topology: Topology, folder: string): Facts {
  const workloads: readonly Workload[] = [...topology.services, ...topology.jobs];
  return {
    topology,
    images: Object.fromEntries(workloads.map(({ name, image }) => [name, imageFact(image, folder)])),
    files: Object.fromEntries(workloads.map((workload) => [workload.name, fileFacts(workload, folder)])),
  };
}

function imageFact(image: Image, folder: string): string {
  return image.kind === 'pulled'
    ? image.reference
    : sourceHash(join(folder, image.context), image.sources, [image.target, image.args]);
}

function fileFacts({ files }: Workload, folder: string): Record<string, string> {
  const entries = (files?.entries ?? []).flatMap((entry) =>
    'content' in entry
      ? [[entry.path, entry.content] as const]
      : filesUnder(folder, entry.source).map(
          (file) =>
            [entry.path + file.slice(entry.source.length), readFileSync(join(folder, file), 'utf8')] as const,
        ),
  );
  return Object.fromEntries(entries.map(([path, content]) => [path, hash(content)]));
}

function hash(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 12);
}

/** What a stack is before it exists. */
export function emptyTopology(stack: string): Topology {
  return { stack, services: [], jobs: [], links: [], volumes: [], passwords: [], certificates: [] };
}
