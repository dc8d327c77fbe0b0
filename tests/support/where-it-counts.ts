import type { RawConfig } from '../../stacks/settings.ts';

const bucket = {
  'backup.schedule': '0 3 * * *',
  'backup.s3.endpoint': 'https://storage.example.com',
  'backup.s3.bucket': 'backups',
  'backup.s3.accessKey': 'access',
  'backup.s3.secretKey': 'hunter2',
};

const wholes: readonly [part: RegExp, RawConfig][] = [
  [/^dev[A-Z]/, { dev: 'true', devUser: '1000:1000' }],
  [/^backup\.pointInTimeDays$/, { 'backup.schedule': '0 3 * * *', 'backup.pointInTime': 'true' }],
  [/^backup\.s3\./, bucket],
  [/^backup\.(?!schedule)/, { 'backup.schedule': '0 3 * * *' }],
  [/^database(Ca|OwnerUrl)$/, { databaseUrl: 'postgres://user:password@db.example.com/product' }],
  [/^metrics\./, { metrics: 'true' }],
  [
    /^(engine|overlayEncryption)$/,
    { engine: 'swarm', bindAddress: '0.0.0.0', registry: 'registry.example.com' },
  ],
  [/^registry$/, { engine: 'swarm', bindAddress: '0.0.0.0' }],
];

/** What a stack must also set so that a setting says something. */
export function whereItCounts(name: string): RawConfig {
  return wholes.find(([part]) => part.test(name))?.[1] ?? {};
}
