/**
 * `derive`, run once for each `from`, however many ask; `more` must follow from it. What it made is kept on `from` itself: a WeakMap
 * would have the garbage collector look at every entry.
 */
export function remember<K extends object, M extends unknown[], V extends object>(
  derive: (from: K, ...more: M) => V,
): (from: K, ...more: M) => V {
  const made = Symbol('made');
  return (from, ...more) => ((from as { [made]?: V })[made] ??= derive(from, ...more));
}
