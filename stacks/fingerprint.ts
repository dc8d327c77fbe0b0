import { scryptSync } from 'node:crypto';

/** Four digits that differ where texts do. Slow to make, and too short to find a text by. */
export function fingerprint(text: string): string {
  return scryptSync(text, 'product-stack', 2).toString('hex');
}
