import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that is made, not written by hand; `path` is relative to the repository. */
export interface MadeFile {
  readonly path: string;
  readonly content: string;
}

/** Writes the files and says so. */
export function writeFiles(files: readonly MadeFile[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    console.log(`wrote ${path}`);
  }
}

/** @throws Error that names the files on disk that differ, and the command that makes them anew. */
export function checkFiles(files: readonly MadeFile[], command: string): void {
  const stale = files.filter(({ path, content }) => onDisk(path) !== content).map(({ path }) => path);
  if (stale.length > 0) throw new Error(`${stale.join(', ')}: not what the sources say. Run: ${command}`);
}

function onDisk(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
