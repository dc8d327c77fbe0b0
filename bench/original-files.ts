import { SourceMap, type SourceMapPayload } from 'node:module';
import type { CpuProfile } from './profile-report.ts';

/** Where product-api's bundle is in its image. */
const bundle = 'file:///app/product-api/';

/** Where `npm run build` of apps/ writes it, seen from the paths in its source maps. */
const built = 'file:///app/dist/product-api/';

/**
 * A profile of a bundle with each function under the file that it was written in, such as `file:///app/node_modules/pg/lib/client.js`.
 * @param maps source maps by the name of the bundle's file, without `.js`.
 */
export function inOriginalFiles(
  profile: CpuProfile,
  maps: Readonly<Record<string, SourceMapPayload>>,
): CpuProfile {
  const known = new Map(
    Object.entries(maps).map(([file, map]) => [`${bundle}${file}.js`, new SourceMap(map)]),
  );
  const nodes = profile.nodes.map(({ id, callFrame }) => {
    const { url, lineNumber, columnNumber } = callFrame;
    const entry = known.get(url)?.findEntry(lineNumber, columnNumber);
    const source = entry && 'originalSource' in entry ? entry.originalSource : undefined;
    return { id, callFrame: source ? { ...callFrame, url: new URL(source, built).href } : callFrame };
  });
  return { ...profile, nodes };
}
