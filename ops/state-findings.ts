import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { DockerCli } from '../engine/docker-cli.ts';
import { good, removedFinding, stateFinding, wrong, type Finding } from './findings.ts';

const run = promisify(execFile);

interface Export {
  readonly deployment?: {
    readonly pending_operations?: readonly unknown[];
    readonly resources?: readonly { readonly type: string; readonly id?: string; readonly urn: string }[];
  };
}

/** What Pulumi knows: the stack, its passphrase, its lock, what was left half done, and containers that are no longer there. */
export async function stateFindings(stack: string, docker: DockerCli): Promise<Finding[]> {
  // The passphrase is tried on something that is encrypted; "stack export" alone would not need it.
  const exported = await pulumi('stack', 'export', '--stack', stack);
  if (exported.failed !== undefined) return [missingStack(stack, exported.failed)];
  const passphrase = await pulumi('stack', 'export', '--stack', stack, '--show-secrets');
  const { deployment } = JSON.parse(exported.output) as Export;
  const made = (deployment?.resources ?? []).filter(
    ({ type }) => type === 'docker:index/container:Container',
  );
  const there = new Set(await docker.lines('ps', '--all', '--quiet', '--no-trunc').catch(() => []));
  const removed = made.filter(({ id }) => id !== undefined && !there.has(id));
  return [
    passphrase.failed === undefined
      ? good('passphrase', 'opens the secrets')
      : wrongPassphrase(passphrase.failed),
    stateFinding({ locks: locksOf(stack), pending: deployment?.pending_operations?.length ?? 0 }),
    removedFinding(there.size === 0 ? [] : removed.map(({ urn }) => urn.split('::').at(-1)!)),
  ];
}

function missingStack(stack: string, said: string): Finding {
  if (/passphrase/i.test(said)) return wrongPassphrase(said);
  return /no stack named|ENOENT/.test(said)
    ? good('state', `${stack} was never up`)
    : wrong('state', said.split('\n')[0]!, 'Run: eval "$(scripts/env)"');
}

function wrongPassphrase(said: string): Finding {
  const seen = /incorrect passphrase/i.test(said) ? 'is not the one of this stack' : 'is missing';
  const mend =
    'Run: eval "$(scripts/env)", or export PULUMI_CONFIG_PASSPHRASE. It cannot be had back: see docs/failures.md';
  return wrong('passphrase', seen, mend);
}

/** Who holds the lock of a stack whose state is in a folder: user, machine and process. */
function locksOf(stack: string): string[] {
  const backend = process.env['PULUMI_BACKEND_URL'] ?? 'file://./.state';
  const folder = join(backend.replace(/^file:\/\//, ''), '.pulumi/locks');
  if (!backend.startsWith('file:') || !existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.json') && file.split(/[\\/]/).includes(stack))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, unknown>)
    .map(({ username, hostname, pid }) => `${String(username)}@${String(hostname)} (process ${String(pid)})`);
}

async function pulumi(...args: string[]): Promise<{ output: string; failed: string | undefined }> {
  try {
    const { stdout } = await run('pulumi', [...args, '--non-interactive'], { maxBuffer: 64 * 1024 * 1024 });
    return { output: stdout, failed: undefined };
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    return { output: '', failed: (stderr || message).trim() };
  }
}
