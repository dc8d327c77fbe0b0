import { kinds, type Kind } from './file-kind.ts';
import { isTimeZone } from './times.ts';

/** What the command line says, as text. */
export interface Said {
  readonly from?: string | undefined;
  readonly encoding: string;
  readonly delimiter?: string | undefined;
  readonly 'time-zone': string;
}

/** The kind of file that was asked for. @throws Error that tells all that is wrong with the options. */
export function checkOptions(said: Said): Kind | undefined {
  const problems: string[] = [];
  const kind = kinds.find((one) => one === said.from);
  if (said.from !== undefined && !kind)
    problems.push(`--from must be one of ${kinds.join(', ')}, got "${said.from}"`);
  if (!isTimeZone(said['time-zone']))
    problems.push(`--time-zone must be like Europe/Tallinn or UTC, got "${said['time-zone']}"`);
  if (!isEncoding(said.encoding))
    problems.push(`--encoding must be like utf-8 or windows-1252, got "${said.encoding}"`);
  if (said.delimiter !== undefined && said.delimiter.length !== 1)
    problems.push(`--delimiter must be one character, got "${said.delimiter}"`);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return kind;
}

function isEncoding(name: string): boolean {
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}
