/** What happens to one part of a stack. `reload`: its files change under it while it runs on. */
export type Operation = 'create' | 'replace' | 'delete' | 'update' | 'reload';

/** One line of a preview. */
export interface Change {
  readonly operation: Operation;
  /** Such as `product-api ×3` or `volume database-data`. */
  readonly what: string;
  /** Why, in a reader's words; never a value that could be secret. */
  readonly reasons: readonly string[];
  /** What can be lost or reached, when anything can. */
  readonly danger?: Danger;
}

/** Why a change deserves a second look. */
export interface Danger {
  /** 1 data, 2 database, 3 published ports, 4 what stands still meanwhile. */
  readonly rank: 1 | 2 | 3 | 4;
  readonly text: string;
}

const order: readonly Operation[] = ['delete', 'replace', 'create', 'update', 'reload'];

/** The same changes, the dangerous ones first. */
export function sorted(changes: readonly Change[]): Change[] {
  const weight = ({ danger, operation }: Change) => (danger?.rank ?? 9) * 10 + order.indexOf(operation);
  return [...changes].sort((a, b) => weight(a) - weight(b) || a.what.localeCompare(b.what));
}

/** The gravest of several dangers. */
export function gravest(dangers: readonly (Danger | undefined)[]): Danger | undefined {
  return dangers
    .filter((danger) => danger !== undefined)
    .reduce<Danger | undefined>(
      (worst, next) => (!worst || next.rank < worst.rank ? next : worst),
      undefined,
    );
}
