import type { Ended } from '../tests/e2e/support/run.ts';
import type { TestStack } from '../tests/e2e/support/test-stack.ts';

/** Writes a stack's compose file into its folder, as a person does. @throws Error with what was printed. */
export async function writeExport(stack: TestStack, output: string): Promise<Ended> {
  const options = ['--stack', stack.name, '--output', output];
  const exported = await stack.run('npm', 'run', '-s', 'compose', '--', ...options);
  if (exported.code !== 0) throw new Error(exported.output);
  return exported;
}
