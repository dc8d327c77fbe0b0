import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('results.md', import.meta.url));
const head = '# What was measured\n\nEach section is written by the command that it names.\n';

/** Puts a section into bench/results.md in place of the one with the same title. */
export function writeSection(title: string, body: string): void {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : head;
  writeFileSync(file, replaceSection(text, title, body));
}

/** The text with the section `title` replaced, or added at the end. */
export function replaceSection(text: string, title: string, body: string): string {
  const section = `## ${title}\n\n${body.trim()}\n`;
  const parts = text.trimEnd().split(/\n(?=## )/);
  const place = parts.findIndex((part) => part.startsWith(`## ${title}\n`));
  if (place < 0) parts.push(section);
  else parts[place] = section;
  return `${parts.map((part) => part.trim()).join('\n\n')}\n`;
}
