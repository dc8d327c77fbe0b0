import { Problem } from '../kit/problem.ts';

/** The place in the list after the product `id`, as opaque text. */
export function encodeCursor(id: string): string {
  return Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url');
}

/** The id that a cursor stands for. @throws Problem 400 when it is none of ours. */
export function decodeCursor(cursor: string): string {
  const hex = Buffer.from(cursor, 'base64url').toString('hex');
  if (hex.length !== 32) {
    throw new Problem(400, 'The querystring is not valid.', {
      errors: [{ field: '/cursor', detail: 'is not a cursor of this list' }],
    });
  }
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
