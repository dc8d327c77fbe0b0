import { expect } from 'chai';
import { freshVolumeName } from '../../../backups/fresh-volume.ts';
import { age, backupsText, parseListing, rowDifferences, size } from '../../../backups/manifest.ts';
import { wayBack } from '../../../backups/switch-over.ts';
import { keys } from '../../../stacks/setting-keys.ts';

const manifest = (name: string, more = {}) =>
  JSON.stringify({
    name,
    reason: 'asked',
    started: `${name.slice(0, 11)}${name.slice(11).replaceAll('-', ':')}`,
    seconds: 1,
    bytes: 30750,
    sha256: 'd5f1',
    encrypted: false,
    postgres: '18.6 (Debian 18.6-3)',
    migration: '0003-catalogue-mark.sql',
    rows: { product: 500, schema_migration: 3 },
    ...more,
  });

describe('the list of backups', () => {
  const listing = [
    '#2026-11-24T10-00-00Z last daily',
    '#2026-11-23T03-00-00Z',
    manifest('2026-11-23T03-00-00Z', { encrypted: true, rows: { a: 1, b: 2 }, reason: 'scheduled' }),
    manifest('2026-11-24T10-00-00Z'),
  ].join('\n');

  it('is a table, the newest first', () => {
    expect(
      backupsText('unit', parseListing(listing), Date.parse('2026-11-24T10:05:00Z')).split('\n'),
    ).to.deep.equal([
      'name                  age    size     rows          encrypted  postgres  kept as',
      '2026-11-24T10-00-00Z  5 min  30.8 kB  500 products  no         18.6      last daily',
      '2026-11-23T03-00-00Z  1 d    30.8 kB  3             yes        18.6      scheduled',
    ]);
  });

  it('says how the first one is made', () => {
    expect(backupsText('unit', parseListing(''), 0)).to.equal(
      'unit has no backup yet. Run: npm run backup -- --stack unit',
    );
  });
});

describe('words about backups', () => {
  it('age and size are for a person', () => {
    expect([0, 59_999, 60_000, 7_200_000, 90_000_000, -5].map(age)).to.deep.equal([
      '0 s',
      '59 s',
      '1 min',
      '2 h',
      '1 d',
      '0 s',
    ]);
    expect([0, 999, 1000, 30_750, 5_000_000_000].map(size)).to.deep.equal([
      '0 B',
      '999 B',
      '1.0 kB',
      '30.8 kB',
      '5.0 GB',
    ]);
  });

  it('rows are compared table by table', () => {
    expect(rowDifferences({ a: 1, b: 2 }, { b: 2, a: 1 })).to.deep.equal([]);
    expect(rowDifferences({ a: 1, b: 2 }, { a: 3, c: 4 })).to.deep.equal([
      'a has 3 rows, not 1',
      'b has no rows, not 2',
      'c has 4 rows, not none',
    ]);
  });

  it('the name of a fresh volume is one that the setting takes', () => {
    const name = freshVolumeName(new Date('2026-11-24T10:05:07.123Z'));
    expect(name).to.equal('database-data-2026-11-24t10-05-07');
    expect(keys.databaseVolume.kind.parse(name)).to.equal(name);
  });

  it('the way back is commands', () => {
    expect(wayBack('unit', { postgresImage: 'postgres:17', databaseVolume: 'database-data' })).to.equal(
      'pulumi config set postgresImage postgres:17 --stack unit; pulumi config set databaseVolume database-data --stack unit; npm start -- unit',
    );
  });
});
