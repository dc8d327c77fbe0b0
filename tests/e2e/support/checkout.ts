import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The repository that is being tested. */
export const repository = new URL('../../..', import.meta.url).pathname;

/**
 * A copy of the repository's files that a test may change, in a folder of its own.
 * @param packages whether the installed npm packages are linked in; without them it is as good as a fresh clone.
 */
export function copyCheckout({ packages }: { packages: boolean }): string {
  const folder = mkdtempSync(join(tmpdir(), 'product-stack-'));
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
  });
  for (const file of files
    .trim()
    .split('\n')
    .filter((name) => existsSync(join(repository, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // A lockfile that looks newer than the packages would make setup install them anew, through the link.
    cpSync(join(repository, file), join(folder, file), { preserveTimestamps: true });
  }
  if (packages) symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

/** Removes a copy. */
export function removeCheckout(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
