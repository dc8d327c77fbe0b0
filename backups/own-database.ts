import type { Settings } from '../stacks/settings.ts';

/** Stops what works on the stack's own Postgres where it has none. @throws Error that says whose business it is. */
export function needOwnDatabase({ stack, databaseUrl }: Pick<Settings, 'stack' | 'databaseUrl'>): void {
  if (databaseUrl === undefined) return;
  throw new Error(
    `${stack} has a managed Postgres (databaseUrl): its provider backs it up, restores it and upgrades it. See docs/managed-postgres.md`,
  );
}
