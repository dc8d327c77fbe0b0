import { fileURLToPath } from 'node:url';
import type { Program } from './beside.ts';

/** The prototype (bench/naive) with the packages of apps/, and Node's own settings. @param options more options of Node. */
export function naive(...options: string[]): Program {
  const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return {
    command: ['node', ...options, '/naive/server.mjs'],
    files: {
      '/naive/server.mjs': here('naive/server.mjs'),
      '/naive/node_modules': here('../apps/node_modules'),
    },
  };
}
