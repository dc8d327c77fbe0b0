import { fileURLToPath } from 'node:url';
import type { Program } from './beside.ts';

/** The prototype (bench/naive), with Node's own settings. @param options more options of Node. */
export function naive(...options: string[]): Program {
  const source = fileURLToPath(new URL('naive/server.mjs', import.meta.url));
  return { command: ['node', ...options, 'naive.mjs'], file: { source, target: '/app/naive.mjs' } };
}
