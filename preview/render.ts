import { sorted, type Change } from './change.ts';

/** A part of the comment. */
export interface Section {
  readonly title: string;
  /** Undefined when this part could not be looked at; `note` says why. */
  readonly changes: readonly Change[] | undefined;
  readonly note?: string;
  /** A unified diff that is folded away. */
  readonly diff?: string;
}

const verbs = {
  create: 'created',
  replace: 'replaced',
  delete: 'deleted',
  update: 'updated in place',
  reload: 'reloaded in place',
} as const;

/** GitHub takes comments of 65,536 characters; the diff gets what is left. */
const longestDiff = 40_000;

/** Sections as Markdown, for a comment or a job summary. */
export function toMarkdown(heading: string, sections: readonly Section[]): string {
  return [`## ${heading}`, ...sections.flatMap(markdownSection), ''].join('\n');
}

function markdownSection({ title, changes, note, diff }: Section): string[] {
  return [
    '',
    `### ${title}`,
    '',
    ...(note === undefined ? [] : [escapeMarkdown(note), '']),
    ...(changes === undefined ? [] : markdownTable(changes)),
    ...(diff === undefined || diff === '' ? [] : foldedDiff(diff)),
  ];
}

function markdownTable(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['Nothing changes.'];
  const rows = sorted(changes).map(({ what, operation, reasons, danger }) => {
    const why = escapeMarkdown(reasons.join('; '));
    const mark = danger ? '⚠️' : '';
    const warning = danger ? `${why === '' ? '' : '<br>'}**${escapeMarkdown(danger.text)}**` : '';
    return `| ${mark} | ${escapeMarkdown(what)} | ${verbs[operation]} | ${why}${warning} |`;
  });
  return [summary(changes), '', '| | what | change | why |', '| --- | --- | --- | --- |', ...rows];
}

/** How many of each, the dangerous ones named. */
export function summary(changes: readonly Change[]): string {
  const counts = Object.entries(verbs).flatMap(([operation, verb]) => {
    const count = changes.filter((change) => change.operation === operation).length;
    return count > 0 ? [`${count} ${verb}`] : [];
  });
  const dangerous = changes.filter(({ danger }) => danger).length;
  return `${counts.join(', ')}${dangerous > 0 ? `; ${dangerous} to look at twice` : ''}.`;
}

/** Text of a pull request must not become markup of the comment. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/([\\`*_[\]|@])/g, '\\$1')
    .replace(/\s*\n\s*/g, '<br>');
}

/** A fence that is longer than any in the diff cannot be closed by it. */
function foldedDiff(diff: string): string[] {
  const cut = diff.length > longestDiff ? `${diff.slice(0, longestDiff)}\n(cut off here)` : diff.trimEnd();
  const longest = Math.max(2, ...[...cut.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [
    '',
    '<details><summary>docker-compose.yml</summary>',
    '',
    `${fence}diff`,
    cut,
    fence,
    '',
    '</details>',
  ];
}

/** Sections as text for a terminal. */
export function toText(heading: string, sections: readonly Section[]): string {
  return [heading, ...sections.flatMap(textSection), ''].join('\n');
}

function textSection({ title, changes, note, diff }: Section): string[] {
  return [
    '',
    `== ${title}`,
    ...(note === undefined ? [] : [note]),
    ...(changes === undefined ? [] : textTable(changes)),
    ...(diff === undefined || diff === '' ? [] : ['', diff.trimEnd()]),
  ];
}

function textTable(changes: readonly Change[]): string[] {
  if (changes.length === 0) return ['Nothing changes.'];
  const width = Math.max(...changes.map(({ what }) => what.length));
  const lines = sorted(changes).flatMap(({ what, operation, reasons, danger }) => [
    `${danger ? '!' : ' '} ${what.padEnd(width)}  ${verbs[operation].padEnd(17)}  ${reasons.join('; ')}`.trimEnd(),
    ...(danger ? [`  ${' '.repeat(width)}  → ${danger.text}`] : []),
  ]);
  return [...lines, summary(changes)];
}
