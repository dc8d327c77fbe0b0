import { markdownTable } from '../load/text-table.ts';

/** An image: its size in bytes, and the digests of its layers from the lowest to the highest. */
export interface Layers {
  readonly size: number;
  readonly layers: readonly string[];
}

/** The image of one of our apps. */
export interface Built extends Layers {
  readonly app: string;
}

/** Seconds of a build of all apps. */
export interface BuildTimes {
  /** For the first time. */
  readonly cold: number;
  /** With nothing changed. */
  readonly warm: number;
  /** With one line of product-api changed. */
  readonly changed: number;
}

/** How much product-api may have on top of its base, bytes. */
const goal = 20e6;

/** Whether product-api keeps to its goal. */
export function isSmall(base: Layers, built: readonly Built[]): boolean {
  return built.find(({ app }) => app === 'product-api')!.size - base.size <= goal;
}

/** The tables as Markdown. */
export function sizesReport(
  base: Layers,
  built: readonly Built[],
  times: BuildTimes,
  machine: string,
): string {
  const api = built.find(({ app }) => app === 'product-api')!;
  return [
    `\`npm run bench:sizes\`: ${machine}.`,
    markdownTable(
      ['image', 'MB', 'its base', 'on top of it', 'layers', 'of these shared with product-api'],
      built.map((one) => [
        one.app,
        ...[one.size, base.size, one.size - base.size].map(megabytes),
        one.layers.length,
        one === api ? '' : shared(one, api),
      ]),
    ),
    `Goal, product-api on top of its base ≤ ${megabytes(goal)} MB: ${megabytes(api.size - base.size)}, ${isSmall(base, built) ? 'met' : '**missed**'}. edge, gateway and Postgres run images that are not ours, as they are.`,
    markdownTable(
      ['build of all apps', 'seconds'],
      [
        ['for the first time, packages from the registry included', times.cold.toFixed(1)],
        ['with nothing changed', times.warm.toFixed(1)],
        ['with one line of product-api changed', times.changed.toFixed(1)],
      ],
    ),
  ].join('\n\n');
}

/** Layers that both have, which an engine keeps once. */
export function shared(one: Layers, other: Layers): number {
  return one.layers.filter((layer) => other.layers.includes(layer)).length;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
