import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { caller } from './caller.ts';
import { hiddenUrl } from './database-url.ts';
import { withFiles } from './pem-files.ts';
import { parseSettings, type RawConfig, type Settings } from './settings.ts';

// Secrets, which only Pulumi can read; who reads the file alone has a certificate of its own.
const secret = ['tlsCertificate', 'tlsKey'];

/** What stands for secrets without which the topology would be another. */
const placeholders: RawConfig = {
  databaseUrl: hiddenUrl,
  databaseOwnerUrl: hiddenUrl,
  'backup.s3.accessKey': 'hidden',
  'backup.s3.secretKey': 'hidden',
};

/**
 * A stack's settings out of its file, without the Pulumi command line; as if it had no certificate of its own, and a managed database
 * of another address.
 * @param user as parseSettings' caller.
 * @throws Error when there is no such file, SettingsError when what it says is wrong.
 */
export function readStackFile(stack: string, user = caller()): Settings {
  const keys = projectKeys(configOf(stack));
  const readable = Object.keys(keys).filter((key) => !isEncrypted(keys[key]));
  return parseSettings(stack, withFiles(asRaw(keys)), user, readable);
}

/** The engine that the stack is on, where it is not the caller's own. @throws Error when there is no such file. */
export function readDockerHost(stack: string): string | undefined {
  const host = configOf(stack)['docker:host'];
  return host === undefined ? undefined : String(host);
}

function configOf(stack: string): Record<string, unknown> {
  const file = `Pulumi.${stack}.yaml`;
  if (!existsSync(file)) throw new Error(`${stack}: there is no ${file}. Run: pulumi stack init ${stack}`);
  const { config = {} } = (parse(readFileSync(file, 'utf8')) ?? {}) as { config?: Record<string, unknown> };
  return config;
}

function projectKeys(config: Record<string, unknown>): Record<string, unknown> {
  const prefix = 'product-stack:';
  const own = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}

function isEncrypted(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'secure' in value;
}

function asRaw(keys: Record<string, unknown>): RawConfig {
  const known = Object.entries(keys).filter(([key]) => !secret.includes(key));
  return Object.fromEntries(
    known.map(([key, value]) => [key, (isEncrypted(value) && placeholders[key]) || asText(value)]),
  );
}

/** As Pulumi hands values to the program: maps as JSON, everything else as text. */
function asText(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}
