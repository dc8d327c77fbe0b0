// npm run build FOLDER/FILE.ts: type-checks, then writes an app and its packages to dist/FOLDER as few files, as a process that looks for
// thousands of small ones takes twice the CPU to start. Packages in `dependencies` read files of their own and stay outside.
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const [entry] = process.argv.slice(2);
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

await build({
  entryPoints: [entry],
  outdir: `dist/${dirname(entry)}`,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  external: [...Object.keys(dependencies), 'pg-native'],
  // Packages that are CommonJS ask for Node's own modules by it.
  banner: {
    js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
  },
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
});
