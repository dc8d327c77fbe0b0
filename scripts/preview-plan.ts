import { execFile } from 'node:child_process';
import { planChanges } from '../preview/plan-changes.ts';
import { errorsOf, type RawPlan } from '../preview/plan.ts';
import type { Section } from '../preview/render.ts';

/** What `pulumi preview` said. */
export interface PlanSection {
  readonly section: Section;
  readonly failed: boolean;
  /** The configuration or the program is wrong; not serious is that no engine, state or command line is in reach. */
  readonly serious: boolean;
}

const title = 'What pulumi up would do';

/** Asks Pulumi what `up` would do to the running stack. */
export async function planSection(stack: string): Promise<PlanSection> {
  const { failed, stdout, stderr } = await preview(stack);
  const plan = parse(stdout);
  if (!failed && plan) return { section: { title, changes: planChanges(plan) }, failed, serious: false };
  const said = [...errorsOf(plan ?? {}), stderr.trim()].filter(Boolean).join('\n') || 'pulumi preview failed';
  return {
    section: { title, changes: undefined, note: `Not compared with the running stack: ${said}` },
    failed: true,
    serious: !/engine does not answer|no stack named|ENOENT/.test(said),
  };
}

function preview(stack: string): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  const args = ['preview', '--json', '--non-interactive', '--stack', stack];
  return new Promise((resolve) => {
    execFile('pulumi', args, { maxBuffer: 256 * 1024 * 1024 }, (error, stdout, stderr) => {
      const missing = (error as NodeJS.ErrnoException | null)?.code === 'ENOENT';
      const said = missing ? 'there is no pulumi command (ENOENT). Run: scripts/setup' : stderr;
      resolve({ failed: error !== null, stdout, stderr: said });
    });
  });
}

function parse(stdout: string): RawPlan | undefined {
  try {
    return JSON.parse(stdout) as RawPlan;
  } catch {
    return undefined;
  }
}
