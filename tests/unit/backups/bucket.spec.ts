import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { allowed } from '../../../audit/reachability.ts';
import { bucketText, parseBucket } from '../../../backups/bucket.ts';
import { backupsText, parseListing } from '../../../backups/manifest.ts';
import { composeExport } from '../../../compose/export.ts';
import { ProductStack } from '../../../stacks/product-stack.ts';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../../stacks/settings.ts';
import { whereItCounts } from '../../support/where-it-counts.ts';
import { record } from '../recorder.ts';
import { problemsOf } from '../../support/problems.ts';

const bucket = whereItCounts('backup.s3.bucket');
const topology = (raw: RawConfig = bucket) => productTopology(parseSettings('unit', raw));
const upload = (raw: RawConfig = bucket) =>
  topology(raw).services.find(({ name }) => name === 'backup-upload')!;

const problems = (raw: RawConfig, readable?: string[]) => problemsOf('unit', raw, readable);

describe('a bucket for backups', () => {
  const missing = (name: string, first: string, example: string) =>
    `unit: ${name} is missing: ${first} is set, and a bucket needs its endpoint, its name and both keys. Run: pulumi config set ${name} ${example}`;
  const schedule = { 'backup.schedule': '0 3 * * *' };
  const cases: [RawConfig, string[]][] = [
    [bucket, []],
    [
      { ...schedule, 'backup.s3.endpoint': 'https://s3.example.com' },
      [
        missing('backup.s3.bucket', 'backup.s3.endpoint', 'team-backups'),
        missing('backup.s3.accessKey', 'backup.s3.endpoint', '--secret'),
        missing('backup.s3.secretKey', 'backup.s3.endpoint', '--secret'),
      ],
    ],
    [
      { ...schedule, 'backup.s3.prefix': 'a' },
      [
        missing('backup.s3.endpoint', 'backup.s3.prefix', 'https://s3.example.com'),
        missing('backup.s3.bucket', 'backup.s3.prefix', 'team-backups'),
        missing('backup.s3.accessKey', 'backup.s3.prefix', '--secret'),
        missing('backup.s3.secretKey', 'backup.s3.prefix', '--secret'),
      ],
    ],
    [
      { 'backup.s3.bucket': 'backups' },
      [
        "unit: backup.s3.bucket needs backup.schedule, when backups are made. Run: pulumi config set backup.schedule '0 3 * * *'",
      ],
    ],
    [
      { ...bucket, 'backup.s3.ca': '-----BEGIN CERTIFICATE-----\nx' },
      [
        'unit: backup.s3.ca is no certificate that can be read. Run: pulumi config set backup.s3.ca ./s3-ca.pem',
      ],
    ],
  ];
  for (const [raw, expected] of cases)
    it(`with ${Object.keys(raw).join(', ')}`, () => expect(problems(raw)).to.deep.equal(expected));

  it('has keys that are refused as plain text, and not repeated', () =>
    expect(problems(bucket, ['backup.s3.secretKey', 'backup.s3.bucket'])).to.deep.equal([
      'unit: backup.s3.secretKey must be a secret: it holds a password, and everybody can read it now. Run: pulumi config set backup.s3.secretKey --secret',
    ]));

  it('is reached by one service, which only reads the backups and knows nothing of the database', () => {
    const { volumes, secrets, egress, user } = upload();
    expect(volumes).to.deep.equal([{ volume: 'backups', target: '/backups', readOnly: true }]);
    expect(secrets).to.deep.equal(['backup-s3-access-key', 'backup-s3-secret-key']);
    expect([egress, user]).to.deep.equal(['the bucket is elsewhere', '999:999']);
    expect(topology().links.filter(({ from, to }) => [from, to].includes('backup-upload'))).to.deep.equal([]);
    expect(allowed(topology(), new Map()).filter((way) => way.endsWith('outside'))).to.deep.equal([
      'backup-upload → outside',
    ]);
  });

  it('is told of to the metrics, where there are any', () => {
    expect(topology({ ...bucket, metrics: 'true' }).links).to.deep.include({
      from: 'backup-upload',
      to: 'metrics',
    });
    expect(JSON.stringify(topology({ ...bucket, metrics: 'true' }).services)).to.contain(
      'service: backup-upload',
    );
  });

  it('has the stack’s name as its folder, or another', () => {
    expect(upload().env['BUCKET']).to.equal('bucket:backups/unit');
    expect(upload({ ...bucket, 'backup.s3.prefix': 'shop/live' }).env['BUCKET']).to.equal(
      'bucket:backups/shop/live',
    );
  });

  it('has its keys in secret files and nowhere else', async () => {
    const all = await record(() => new ProductStack(topology(), { prefix: 'x', waitSeconds: 120 }));
    const holders = all.filter(({ inputs }) => JSON.stringify(inputs).includes('hunter2'));
    expect(holders.map(({ name }) => name)).to.deep.equal(['backup-upload-secrets-loader']);
    for (const { inputs } of holders)
      expect(JSON.stringify({ ...inputs, uploads: [] })).not.to.contain('hunter2');
  });

  it('is in the compose export, which names the files with the keys', () => {
    const { document } = composeExport(topology());
    expect(document.secrets).to.deep.equal({
      'backup-s3-access-key': { file: './secrets/backup-s3-access-key' },
      'backup-s3-secret-key': { file: './secrets/backup-s3-secret-key' },
    });
    expect(document.services['backup-upload']).to.deep.include({
      secrets: ['backup-s3-access-key', 'backup-s3-secret-key'],
      volumes: ['backups:/backups:ro', './database/upload:/etc/product-stack/upload:ro'],
      depends_on: { backup: { condition: 'service_healthy' } },
    });
    expect(JSON.stringify(document)).not.to.contain('hunter2');
  });
});

describe('what is brought to the bucket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'product-stack-'));
  after(() => rmSync(folder, { recursive: true }));
  const missing = (there: string[], here: string[]) => {
    for (const [name, lines] of Object.entries({ there, here }))
      writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
    const script = `. ${new URL('../../../database/upload/bucket.sh', import.meta.url).pathname}; missing there here`;
    return execFileSync('sh', ['-euc', script], { cwd: folder, encoding: 'utf8' })
      .split('\n')
      .filter(Boolean);
  };
  const [a, b, c] = ['2026-11-22T03-00-00Z', '2026-11-23T03-00-00Z', '2026-11-24T03-00-00Z'] as const;
  const cases: [string, string[], string[], string[]][] = [
    ['everything, the oldest first, when it is empty', [], [a, b, c], [a, b, c]],
    ['what is newer than the newest there', [a], [a, b, c], [b, c]],
    ['nothing that a rule of the bucket has deleted', [b], [a, b, c], [c]],
    ['nothing when all is there', [a, b, c], [b, c], []],
    ['nothing when there is nothing', [], [], []],
  ];
  for (const [name, there, here, expected] of cases)
    it(`is ${name}`, () => expect(missing(there, here)).to.deep.equal(expected));

  it('is told below the list of backups', () => {
    const there = parseBucket(`${a}\n${b}\n\nthe bucket cannot be read: SignatureDoesNotMatch\n`);
    expect(bucketText(there, [b, c], Date.parse('2026-11-24T04:00:00Z'))).to.deep.equal([
      'in the bucket: 2, the newest 1 d old',
      `only there: ${a}`,
      'the bucket cannot be read: SignatureDoesNotMatch',
    ]);
    expect(bucketText(parseBucket('\n'), [], 0)).to.deep.equal(['in the bucket: 0']);
    expect(bucketText(parseBucket(`${a}\n\n`), [a], Date.parse('2026-11-22T03:05:00Z'))).to.deep.equal([
      'in the bucket: 1, the newest 5 min old',
    ]);
  });

  it('is a column of that list', () => {
    const one = (name: string) =>
      JSON.stringify({
        name,
        reason: 'asked',
        started: '2026-11-24T03:00:00Z',
        bytes: 1000,
        postgres: '18',
        rows: {},
      });
    const listing = parseListing([one(b), one(c)].join('\n'));
    const lines = backupsText('unit', listing, Date.parse('2026-11-24T04:00:00Z'), [b]).split('\n');
    expect(lines.map((line) => line.split(/ {2,}/).at(-2))).to.deep.equal(['in bucket', 'not yet', 'yes']);
  });
});
