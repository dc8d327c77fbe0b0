/** Where a visitor is in the list: the cursor of the page, and the cursors of the pages before it but the first. */
export interface Place {
  readonly search?: string;
  readonly cursor?: string;
  readonly trail: readonly string[];
}

// The API only knows the way forward; the address carries the way back, up to a length that every server takes.
const maxTrail = 60;
const maxSearch = 100;

/** The place that an address names. Whatever makes no sense is left out. */
export function readPlace(query: Record<string, unknown>): Place {
  const search = text(query['search']).trim();
  const cursor = text(query['cursor']);
  const trail = [query['from'] ?? []].flat().filter((one) => typeof one === 'string');
  return {
    ...(search && { search: [...search].slice(0, maxSearch).join('') }),
    ...(cursor && { cursor }),
    trail: cursor ? trail.slice(-maxTrail) : [],
  };
}

/** The address of a place. */
export function placeUrl({ search, cursor, trail }: Place): string {
  const query = new URLSearchParams({ ...(search && { search }), ...(cursor && { cursor }) });
  for (const one of trail) query.append('from', one);
  return query.size === 0 ? '/' : `/?${query}`;
}

/** The page that `cursor` names, seen from `place`. */
export function nextPlace(place: Place, cursor: string): Place {
  const trail = place.cursor === undefined ? [] : [...place.trail, place.cursor];
  return { ...place, cursor, trail: trail.slice(-maxTrail) };
}

/** The page before `place`; undefined where that is the first, or there is none. */
export function previousPlace({ search, trail }: Place): Place | undefined {
  const cursor = trail.at(-1);
  if (cursor === undefined) return undefined;
  return { ...(search && { search }), cursor, trail: trail.slice(0, -1) };
}

/** The first page of the same search. */
export function firstPlace({ search }: Place): Place {
  return { ...(search && { search }), trail: [] };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
