import { Problem } from '../kit/problem.ts';

/** The ETag of a product's version. */
export function etag(version: number): string {
  return `"${version}"`;
}

/**
 * The version that an If-Match header names.
 * @throws Problem 428 when there is none, 412 when it names no version of ours.
 */
export function expectedVersion(ifMatch: string | undefined): number {
  if (ifMatch === undefined)
    throw new Problem(428, 'Send If-Match with the ETag of the version that you have seen.');
  // W/ is what a proxy makes of an ETag when it compresses the answer (nginx does); the version is the same.
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch.trim())?.[1];
  if (version === undefined) throw stale();
  return Number(version);
}

/** Somebody else was faster. */
export function stale(): Problem {
  return new Problem(412, 'The product has changed since you have seen it. Read it again.');
}
