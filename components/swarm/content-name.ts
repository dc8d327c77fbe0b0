import { createHash } from 'node:crypto';

/** A name that changes with its content: what has it cannot change, so a change makes a new one beside the old. At most 64 characters. */
export function contentName(name: string, content: string): string {
  const hash = createHash('sha256').update(`${name}\0${content}`).digest('hex').slice(0, 12);
  const readable = name.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 51);
  return `${readable}-${hash}`;
}
