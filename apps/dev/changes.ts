import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two looks. A look is some dozens of stat calls, and unlike inotify it works on every file system. */
const interval = 100;

/** What files look like from outside: path → inode, size and time. */
type Snapshot = ReadonlyMap<string, string>;

/** The names of files that were saved, added or deleted under `folders` since this call, as soon as they hold still; for ever. */
export function changes(folders: readonly string[]): AsyncGenerator<string[]> {
  return changesSince(snapshot(folders), folders);
}

async function* changesSince(known: Snapshot, folders: readonly string[]): AsyncGenerator<string[]> {
  for (;;) {
    await sleep(interval);
    if (difference(known, snapshot(folders)).length === 0) continue;
    const still = await settled(folders);
    const changed = difference(known, still);
    known = still;
    if (changed.length > 0) yield changed;
  }
}

/** An editor or a `git checkout` writes several files: the state after which one interval passed without a change. */
async function settled(folders: readonly string[]): Promise<Snapshot> {
  for (let before = snapshot(folders); ;) {
    await sleep(interval);
    const now = snapshot(folders);
    if (difference(before, now).length === 0) return now;
    before = now;
  }
}

function difference(before: Snapshot, after: Snapshot): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).sort();
}

function snapshot(folders: readonly string[]): Snapshot {
  return new Map(folders.flatMap(filesIn).map((file) => [file, stamp(file)]));
}

/** A folder that is just being replaced has no files. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !isScratch(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** What editors put beside a file while they save it. */
function isScratch(name: string): boolean {
  return name.startsWith('.') || name.endsWith('~');
}

function stamp(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : '';
}
