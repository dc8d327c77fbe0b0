import { isCertificate } from './certificate.ts';
import { mend } from './contradictions.ts';
import type { Settings } from './settings.ts';

/** What is wrong with the settings of a managed Postgres when they are seen together, a line each. */
export function managedContradictions(settings: Settings, given: readonly string[]): string[] {
  if (settings.databaseUrl === undefined)
    return (['databaseOwnerUrl', 'databaseCa'] as const)
      .filter((name) => settings[name] !== undefined)
      .map((name) => `${name} says nothing without databaseUrl. ${mend('databaseUrl', '--secret')}`);
  return [...backups(given), ...certificate(settings), ...otherDatabase(settings)];
}

/** Nothing here could put a dump back into it, and its provider's backups go back to any second. */
function backups(given: readonly string[]): string[] {
  return given
    .filter((name) => name.startsWith('backup.'))
    .map(
      (name) =>
        `${name} is for our own Postgres; the one of databaseUrl has its provider's backups. Run: pulumi config rm ${name}`,
    );
}

function certificate({ databaseCa: ca }: Settings): string[] {
  if (ca === undefined || isCertificate(ca)) return [];
  return [`databaseCa is no certificate that can be read. ${mend('databaseCa', './database-ca.pem')}`];
}

function otherDatabase({ databaseUrl: app, databaseOwnerUrl: owner }: Settings): string[] {
  const same = (['host', 'port', 'name'] as const).every((part) => owner?.[part] === app?.[part]);
  if (owner === undefined || same) return [];
  return [
    `databaseOwnerUrl is not for the host, port and database of databaseUrl. ${mend('databaseOwnerUrl', '--secret')}`,
  ];
}
