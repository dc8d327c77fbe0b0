import * as pulumi from '@pulumi/pulumi';
import { caller } from './caller.ts';
import { withFiles } from './pem-files.ts';
import { parseSettings, SettingsError, type RawConfig, type Settings } from './settings.ts';
import { userError } from './user-error.ts';

/** The running stack's settings; problems end the program with one readable error before any resource is declared. */
export function readSettings(): Settings {
  try {
    const config = projectConfig();
    return parseSettings(
      pulumi.getStack(),
      withFiles(config),
      caller(),
      Object.keys(config).filter(isReadable),
    );
  } catch (error) {
    if (error instanceof SettingsError) throw userError(error.problems);
    throw error;
  }
}

/** Whether Pulumi keeps the key's value as it is. The SDK knows, but has it in no type: its own Config warns by it. */
function isReadable(key: string): boolean {
  const { isConfigSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };
  return !isConfigSecret(`${pulumi.getProject()}:${key}`);
}

/** This project's keys without their prefix; other namespaces (docker:host) belong to their providers. */
function projectConfig(): RawConfig {
  const prefix = `${pulumi.getProject()}:`;
  const all = Object.entries(pulumi.runtime.allConfig());
  return Object.fromEntries(
    all.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}
