import { whole, type Kind } from '../setting-kinds.ts';

/** One configuration key: its kind, its default, and what it does. */
export interface Key<T> {
  readonly kind: Kind<T>;
  /** Used when the stack does not set the key; undefined means "off" or "ours". */
  readonly default: T | undefined;
  readonly help: string;
  /** What `pulumi up` does when the value changes. */
  readonly changes: string;
}

/** Of one that has a default, and of one that has none. */
export function key<T>(kind: Kind<T>, fallback: T, help: string, changes: string): Key<T> & { default: T };
export function key<T>(kind: Kind<T>, fallback: undefined, help: string, changes: string): Key<T>;
export function key<T>(kind: Kind<T>, fallback: T | undefined, help: string, changes: string): Key<T> {
  return { kind, default: fallback, help, changes };
}

/** A memory limit, MiB. */
export function memory(example: number): Kind<number> {
  return whole(32, 262_144, example);
}
