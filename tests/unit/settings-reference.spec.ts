import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { parse } from 'yaml';
import { factsOf } from '../../preview/facts.ts';
import { topologyChanges } from '../../preview/topology-diff.ts';
import { productTopology } from '../../stacks/product.ts';
import { keys, type Key } from '../../stacks/setting-keys.ts';
import { settingsSchema, settingsTable } from '../../stacks/settings-reference.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import { newPair } from '../support/certificates.ts';
import { whereItCounts } from '../support/where-it-counts.ts';

const entries = Object.entries(keys) as [string, Key<unknown>][];
const validate = new Ajv({ strict: false }).compile(settingsSchema());
const accepts = (key: string, value: unknown) => validate({ config: { [`product-stack:${key}`]: value } });

describe('the reference of the settings', () => {
  it('has a row for every key', () => {
    for (const [name, { help, changes }] of entries) {
      expect(settingsTable()).to.match(
        new RegExp(`^\\| \`${name}\` \\|.*\\| ${help} \\| ${changes} \\|$`, 'm'),
      );
    }
  });

  it('accepts in an editor what the program accepts: every default and example, as text and as itself', () => {
    for (const [name, { kind, default: value }] of entries) {
      const example = kind.isSecret ? { secure: 'v1:…' } : kind.example.replace(/^'|'$/g, '');
      expect(accepts(name, example), name).to.equal(true);
      if (value !== undefined && !Array.isArray(value)) expect(accepts(name, value), name).to.equal(true);
    }
    for (const stack of ['staging', 'dev', 'swarm'])
      expect(validate(parse(readFileSync(`Pulumi.${stack}.yaml`, 'utf8'))), stack).to.equal(true);
  });

  it('marks in an editor what the program refuses', () => {
    const wrong: [string, unknown][] = [
      ['replicas', 0],
      ['replicas', 'five'],
      ['httpPort', 99999],
      ['nginxImage', 'Nginx:'],
      ['colour', 'red'],
      ['bindAddress', 'localhost'],
      ['databaseUrl', 'postgres://user:password@db.example.com/name'],
    ];
    for (const [name, value] of wrong) expect(accepts(name, value), name).to.equal(false);
    expect(validate({ config: { 'docker:host': 'ssh://x' } }), 'other namespaces').to.equal(true);
    expect(accepts('productApiEnv', { secure: 'v1:…' }), 'encrypted').to.equal(true);
  });
});

/** What the table may say of a change → the line that the difference of two topologies must then show. */
const promised: [RegExp, (name: string) => string][] = [
  [/^adds or removes replicas$/, (key) => `update ${key.replace(/[Rr]eplicas$/, '') || 'product-api'}`],
  [/^rolls the apps$/, () => 'replace product-api'],
  [/^rolls ([\w-]+)/, (service) => `replace ${service}`],
  [/^replaces everything but the data$/, () => 'replace edge'],
  [/^replaces the dev services$/, () => 'replace storefront'],
  [/^replaces (\S+)/, (service) => `replace ${service}`],
  [/^reloads edge$/, (key) => (key.startsWith('tls') ? 'replace certificate edge' : 'reload files of edge')],
  [/^changes the password of the running database$/, () => 'replace password database-app-password'],
  [/^restarts Postgres( on other data)?$/, () => 'replace database'],
  [/^adds wal-archive$/, () => 'create wal-archive'],
  [/^adds or replaces backup$/, () => 'create backup'],
  [/^adds or replaces container-metrics$/, () => 'create container-metrics'],
  [/^adds metrics, and replaces what it reads$/, () => 'replace edge'],
  [/^adds or replaces backup-upload$/, () => 'replace backup-upload'],
  [/^applies to the next upload$/, (key) => `replace password ${passwords[key]}`],
  [/^applies to the next backup$/, () => 'reload files of backup'],
  [/^updates (.+) in place$/, (service) => `update ${service}`],
  [/^runs the migration job$/, () => 'replace migrate'],
];

const passwords: Record<string, string> = {
  'backup.s3.accessKey': 'backup-s3-access-key',
  'backup.s3.secretKey': 'backup-s3-secret-key',
};

const { certificate: tlsCertificate, key: tlsKey } = newPair('reference');

const another: Record<string, RawConfig> = {
  tlsCertificate: { tlsCertificate, tlsKey },
  tlsKey: { tlsCertificate, tlsKey },
  'backup.encryptTo': { 'backup.encryptTo': tlsCertificate },
  'backup.s3.ca': { 'backup.s3.ca': tlsCertificate },
  'backup.s3.accessKey': { 'backup.s3.accessKey': 'another' },
  'backup.s3.secretKey': { 'backup.s3.secretKey': 'another' },
  databaseUrl: { databaseUrl: 'postgres://user:password@db.example.com/product' },
  databaseOwnerUrl: { databaseOwnerUrl: 'postgres://owner:word@db.example.com/product' },
  databaseCa: { databaseCa: tlsCertificate },
  databaseVolume: { databaseVolume: 'database-data-2' },
  'metrics.address': { 'metrics.address': '127.0.0.2' },
  dev: { dev: 'true', devUser: '1000:1000' },
  devUser: { devUser: '1001:1001' },
  devUmask: { devUmask: '027' },
  edgeCacheSeconds: { edgeCacheSeconds: '2' },
  hsts: { hsts: '60' },
  redirectHttp: { redirectHttp: 'true' },
  bindAddress: { bindAddress: '127.0.0.2' },
  productApiImage: { productApiImage: 'team/api:2', productApiHealthPath: '/up' },
  storefrontImage: { storefrontImage: 'team/shop:2', storefrontHealthPath: '/up' },
};

/** A value other than the default. */
function other(name: string, { kind, default: value }: Key<unknown>): RawConfig {
  if (another[name]) return another[name];
  if (typeof value === 'number') return { [name]: String(value > 1 ? value - 1 : value + 1) };
  return { [name]: kind.example.replace(/^'|'$/g, '') };
}

describe('what the reference says of a change', () => {
  const facts = (raw: RawConfig) => factsOf(productTopology(parseSettings('unit', raw)), '.');
  // Which engine, and how nodes reach each other: no fact of the topology. tests/e2e/swarm.spec.ts sees what they do.
  const ofEngine = ['engine', 'registry', 'overlayEncryption'];
  const ofTopology = entries.filter(
    ([name, { changes }]) => changes !== 'nothing' && !ofEngine.includes(name),
  );
  for (const [name, key] of ofTopology) {
    it(`is true of ${name}: ${key.changes}`, () => {
      const [pattern, expected] = promised.find(([words]) => words.test(key.changes))!;
      const subject = pattern.exec(key.changes)?.[1] ?? name;
      const base = whereItCounts(name);
      const lines = topologyChanges(facts(base), facts({ ...base, ...other(name, key) })).map(
        ({ operation, what }) => `${operation} ${what}`,
      );
      expect(lines).to.include(expected(subject));
    });
  }
});
