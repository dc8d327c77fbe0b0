import { isCertificate } from './certificate.ts';
import { mend } from './contradictions.ts';
import { keys, type KeyName } from './setting-keys.ts';
import type { Settings } from './settings.ts';

/** Without one of these there is nowhere to copy backups to. */
const needed = [
  'backup.s3.endpoint',
  'backup.s3.bucket',
  'backup.s3.accessKey',
  'backup.s3.secretKey',
] as const;

/** What is wrong with the settings of a bucket for backups when they are seen together, a line each. */
export function bucketContradictions(settings: Settings, given: readonly string[]): string[] {
  const [first] = given.filter((name) => name.startsWith('backup.s3.'));
  // Without a schedule all of them are told to be for nothing.
  if (first === undefined || settings['backup.schedule'] === undefined) return [];
  return [
    ...needed.filter((name) => settings[name] === undefined).map((name) => missing(name, first)),
    ...authority(settings),
  ];
}

function missing(name: KeyName, first: string): string {
  return `${name} is missing: ${first} is set, and a bucket needs its endpoint, its name and both keys. ${mend(name, keys[name].kind.example)}`;
}

function authority({ 'backup.s3.ca': ca }: Settings): string[] {
  if (ca === undefined || isCertificate(ca)) return [];
  return [`backup.s3.ca is no certificate that can be read. ${mend('backup.s3.ca', './s3-ca.pem')}`];
}
