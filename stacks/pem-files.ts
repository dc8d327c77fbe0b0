import { readFileSync } from 'node:fs';
import type { RawConfig } from './settings.ts';

/** Certificates and keys may be paths; whatever cannot be read stays as it is, and is refused as not PEM. */
export function withFiles(raw: RawConfig): RawConfig {
  const paths = ['tlsCertificate', 'tlsKey', 'backup.encryptTo', 'backup.s3.ca', 'databaseCa'].filter(
    (key) => raw[key] && !raw[key].includes('-----BEGIN'),
  );
  return { ...raw, ...Object.fromEntries(paths.map((key) => [key, fileText(raw[key]!)])) };
}

function fileText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return path;
  }
}
