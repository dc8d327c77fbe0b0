// npm run build FOLDER/FILE.ts [TO]: type-checks, then writes an app and its packages to TO/FOLDER (dist) as few files, as a process that looks for
// thousands of small ones takes twice the CPU to start. Packages in `dependencies` read files of their own and stay outside.
import { btoa } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

/**
 * Node reads the whole map when pino first looks at a call site; with the packages in it, that is a quarter of the CPU of a start. This
 * is an empty one: of a package, stacks show only the file. See https://github.com/evanw/esbuild/issues/1685
 */
const emptyMap = `\n//# sourceMappingURL=data:application/json;base64,${btoa('{"version":3,"sources":[""],"mappings":"AAAA"}')}`;

const packagesWithoutMaps = {
  name: 'packages-without-maps',
  setup: ({ onLoad }) =>
    onLoad({ filter: /node_modules.*\.[cm]?js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')) + emptyMap,
      loader: 'js',
    })),
};

/** Imported, its names are all looked at, and one of them loads undici: 45 ms of CPU. Required, 4. */
const requiredHttp = {
  name: 'required-http',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(node:)?http$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'http', namespace: 'required' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}')`,
    }));
  },
};

const [entry, folder = 'dist'] = process.argv.slice(2);
const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

await build({
  entryPoints: [entry],
  outdir: `${folder}/${dirname(entry)}`,
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
  plugins: [packagesWithoutMaps, requiredHttp],
  logLevel: 'warning',
});
