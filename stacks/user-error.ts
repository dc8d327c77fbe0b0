import * as pulumi from '@pulumi/pulumi';

/** Ends the program with these lines and nothing else: a mistake of the configuration or the machine, not of the program. */
export function userError(problems: readonly string[]): pulumi.RunError {
  const error = new pulumi.RunError(`\n${problems.join('\n')}`);
  // Nobody sees the stack, but the runtime formats it, which takes seconds when it is mapped back to TypeScript.
  error.stack = error.message;
  return error;
}
