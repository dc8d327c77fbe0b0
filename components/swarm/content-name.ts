import { createHash } from 'node:crypto';

/** A name that changes with its content: what has it cannot change, so a change makes a new one beside the old. At most 64 characters. */
export function contentName(name: string, content: string): string {
  const readable = name.replace(/[^A-Za-z0-9-]+/g, '-').slice(0, 51);
  return `${readable}-${digits(name, content, 12)}`;
}

/** The same for a service, whose name is short: with as many digits as Pulumi would put there. */
export function serviceName(name: string, content: string): string {
  return `${name}-${digits(name, content, 7)}`;
}

function digits(name: string, content: string, count: number): string {
  return createHash('sha256').update(`${name}\0${content}`).digest('hex').slice(0, count);
}
