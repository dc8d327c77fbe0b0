/** `derive`, run once for each `from`, however many ask; `more` must follow from it. What it made goes when `from` goes. */
export function remember<K extends object, M extends unknown[], V extends object>(
  derive: (from: K, ...more: M) => V,
): (from: K, ...more: M) => V {
  const known = new WeakMap<K, V>();
  return (from, ...more) => {
    let value = known.get(from);
    if (value === undefined) known.set(from, (value = derive(from, ...more)));
    return value;
  };
}
