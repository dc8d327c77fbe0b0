import { spawnSync } from 'node:child_process';
import { keys } from '../stacks/setting-keys.ts';

/** Settings that a stack is switched to, or back to. */
export type Target = Readonly<Partial<Record<'databaseVolume' | 'postgresImage', string>>>;

/**
 * Sets the settings of a stack and brings it up; when that fails, puts them back and brings it up as it was.
 * @throws Error when it failed, with what is true then.
 */
export function switchOver(stack: string, target: Target, before: Target): void {
  try {
    configure(stack, target);
  } catch (error) {
    configure(stack, before);
    throw error;
  }
  if (pulumi('up', '--yes', '--skip-preview', '--stack', stack)) return;
  configure(stack, before);
  const back = pulumi('up', '--yes', '--skip-preview', '--stack', stack);
  throw new Error(
    back
      ? `${stack}: the switch failed, and everything is as it was`
      : `${stack}: the switch failed; its settings are as they were. Mend what "up" says, then run: npm start -- ${stack}`,
  );
}

/** How a person goes back to what was before. */
export function wayBack(stack: string, before: Target): string {
  const sets = Object.entries(before).map(
    ([name, value]) => `pulumi config set ${name} ${value} --stack ${stack}`,
  );
  return [...sets, `npm start -- ${stack}`].join('; ');
}

function configure(stack: string, target: Target): void {
  for (const [name, value] of Object.entries(target)) {
    const isDefault = value === keys[name as keyof Target].default;
    const done = isDefault
      ? pulumi('config', 'rm', name, '--stack', stack)
      : pulumi('config', 'set', name, value, '--stack', stack);
    if (!done) throw new Error(`${stack}: ${name} could not be set`);
  }
}

function pulumi(...args: string[]): boolean {
  return spawnSync('pulumi', ['--non-interactive', ...args], { stdio: ['ignore', 2, 2] }).status === 0;
}
