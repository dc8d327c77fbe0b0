import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { emptyTopology, factsOf, type Facts } from '../preview/facts.ts';
import type { Section } from '../preview/render.ts';
import { topologyChanges } from '../preview/topology-diff.ts';
import type { Topology } from '../stacks/topology.ts';

/** What `print-topology.ts` prints. */
interface Printed {
  readonly topology: Topology;
  readonly compose: string;
}

/** Lets equal values look equal and nobody guess them; made anew for each run. */
const key = randomBytes(16).toString('hex');

/**
 * What changed between a commit and the files here, without an engine or a state.
 * @throws Error when there is no such commit, or when this stack's configuration is wrong on either side.
 */
export function differenceSection(stack: string, base: string): Section {
  const folder = mkdtempSync(join(tmpdir(), 'product-stack-base-'));
  try {
    unpack(base, folder);
    const [before, after] = [printed(stack, folder), printed(stack, '.')];
    if (!before && !after) throw new Error(`${stack}: there is no Pulumi.${stack}.yaml, here or at ${base}`);
    return {
      title: `What changed since ${base}`,
      changes: topologyChanges(facts(stack, before, folder), facts(stack, after, '.')),
      diff: unifiedDiff(folder, before?.compose ?? '', after?.compose ?? ''),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The commit's files; its packages are those that are installed here. */
function unpack(base: string, folder: string): void {
  const found = spawnSync('git', [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${base}^{commit}`,
  ]);
  if (found.status !== 0) throw new Error(`there is no commit "${base}" here. Run: git fetch origin ${base}`);
  const archive = execFileSync('git', ['archive', found.stdout.toString().trim()], { maxBuffer: 1 << 30 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  if (!existsSync(join(folder, 'node_modules')))
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
}

/** The stack as the code in `folder` declares it; undefined where it does not exist. */
function printed(stack: string, folder: string): Printed | undefined {
  if (!existsSync(join(folder, `Pulumi.${stack}.yaml`))) return undefined;
  const program = resolve('scripts/print-topology.ts');
  const { status, stdout, stderr } = spawnSync('node', ['--import', 'tsx', program, stack], {
    cwd: folder,
    env: { ...process.env, HIDE_KEY: key },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`${folder === '.' ? 'here' : 'at the base'}: ${stderr.trim()}`);
  return JSON.parse(stdout) as Printed;
}

function facts(stack: string, print: Printed | undefined, folder: string): Facts {
  return factsOf(print?.topology ?? emptyTopology(stack), folder);
}

/** As `diff -u`, without the names of temporary files; git's exit code 1 means "they differ". */
function unifiedDiff(folder: string, before: string, after: string): string {
  const [a, b] = [join(folder, 'before.yml'), join(folder, 'after.yml')];
  writeFileSync(a, before);
  writeFileSync(b, after);
  const { stdout } = spawnSync('git', ['diff', '--no-index', '--no-color', '--no-ext-diff', a, b], {
    encoding: 'utf8',
  });
  return stdout.slice(Math.max(0, stdout.indexOf('@@')));
}
