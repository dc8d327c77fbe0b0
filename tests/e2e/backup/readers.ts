/** Asks for products until it is told to stop; returns what tells it. */
export function readAllTheTime(url: string): () => Promise<{ count: number; statuses: number[] }> {
  const statuses = new Set<number>();
  let [going, count] = [true, 0];
  const asking = (async () => {
    while (going) {
      statuses.add((await fetch(`${url}/api/products?limit=1`)).status);
      count++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return async () => {
    going = false;
    await asking;
    return { count, statuses: [...statuses] };
  };
}
