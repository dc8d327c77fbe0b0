import { expect } from 'chai';
import { parseSettings, SettingsError, type RawConfig } from '../../stacks/settings.ts';

/** What is wrong with a stack's configuration, a line each; nothing else may go wrong. @param readable secrets that Pulumi gave in plain text. */
export function problemsOf(
  stack: string,
  raw: RawConfig,
  readable: readonly string[] = [],
): readonly string[] {
  try {
    parseSettings(stack, raw, undefined, readable);
    return [];
  } catch (error) {
    expect(error, String((error as Error).stack)).to.be.instanceOf(SettingsError);
    return (error as SettingsError).problems;
  }
}
