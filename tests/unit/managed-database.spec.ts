import { expect } from 'chai';
import { allowed } from '../../audit/reachability.ts';
import { composeExport } from '../../compose/export.ts';
import { factsOf } from '../../preview/facts.ts';
import { topologyChanges } from '../../preview/topology-diff.ts';
import { databaseUrl, hiddenUrl } from '../../stacks/database-url.ts';
import { ProductStack } from '../../stacks/product-stack.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import { layout } from '../../topology/layout.ts';
import { toMermaid } from '../../topology/mermaid.ts';
import { newPair } from '../support/certificates.ts';
import { record } from './recorder.ts';
import { problemsOf } from '../support/problems.ts';

const url = 'postgres://shop:p%40ss%2Fword@db.example.com:6432/shop%20data?sslmode=verify-full';
const ca = newPair('db.example.com').certificate;

const problems = (raw: RawConfig, readable?: string[]) => problemsOf('unit', raw, readable);

const topology = (raw: RawConfig = {}) => productTopology(parseSettings('unit', raw));
const workload = (raw: RawConfig, name: string) => {
  const { services, jobs } = topology(raw);
  return [...services, ...jobs].find((one) => one.name === name)!;
};

describe('databaseUrl', () => {
  const database = {
    host: 'db.example.com',
    port: 5432,
    name: 'shop',
    user: 'me',
    password: 'word',
    sslmode: 'verify-full',
  };
  const right: [string, object][] = [
    ['postgres://me:word@db.example.com/shop', {}],
    ['postgresql://me:word@db.example.com:5433/shop', { port: 5433 }],
    ['postgres://me:word@10.0.0.5/shop?sslmode=verify-full', { host: '10.0.0.5' }],
    ['postgres://me:word@db.example.com/shop?sslmode=verify-ca', { sslmode: 'verify-ca' }],
    [
      'postgres://m%40e:w%25o%3Ard%20é@db.example.com/s%20hop',
      { user: 'm@e', password: 'w%o:rd é', name: 's hop' },
    ],
  ];
  for (const [text, more] of right)
    it(`takes ${text}`, () => expect(databaseUrl().parse(text)).to.deep.equal({ ...database, ...more }));

  it('takes what stands for one that only Pulumi can read', () =>
    expect(databaseUrl().parse(hiddenUrl)).to.have.property('host', 'hidden.invalid'));

  const wrong: [string, string][] = [
    ['db.example.com', 'it does not begin with postgres://'],
    ['mysql://me:hunter2@db/shop', 'it does not begin with postgres://'],
    ['postgres://me:hun ter2@db/shop', 'there is a blank in it; in a password write %20'],
    ['postgres://me:hunter2@db/shop\n', 'there is a blank in it; in a password write %20'],
    ['postgres://me:hunter#2@db/shop', 'there is a # in it; in a password write %23'],
    ['postgres://me:hunter%2@db/shop', 'a % in it is not followed by two digits; in a password write %25'],
    ['postgres://me:hun/ter2@db/shop', 'it cannot be read: write / ? @ : in a password as %2F %3F %40 %3A'],
    [
      'postgres://me:hunter2@db:99999/shop',
      'it cannot be read: write / ? @ : in a password as %2F %3F %40 %3A',
    ],
    ['postgres://db/shop', 'it has no user'],
    ['postgres://hunter2@db/shop', 'it has no password'],
    ['postgres://me:hunter2@[::1]/shop', 'its host is neither a name nor an IPv4 address'],
    ['postgres://me:hunter2@/shop', 'it cannot be read: write / ? @ : in a password as %2F %3F %40 %3A'],
    [
      'postgres://me:hunter2@localhost/shop',
      'its host is the loopback address, which in a container is the container',
    ],
    [
      'postgres://me:hunter2@127.0.0.1/shop',
      'its host is the loopback address, which in a container is the container',
    ],
    ['postgres://me:hunter2@db', 'it names no database'],
    ['postgres://me:hunter2@db/', 'it names no database'],
    ['postgres://me:hunter2@db/a/b', 'it names no database'],
    ['postgres://me:hunter2@db/shop?sslrootcert=x', 'it has a parameter that is not sslmode'],
    [
      'postgres://me:hunter2@db/shop?sslmode=require',
      'its sslmode is neither verify-full nor verify-ca, and less is not safe outside the stack',
    ],
    [
      'postgres://me:hunter2@db/shop?sslmode=disable',
      'its sslmode is neither verify-full nor verify-ca, and less is not safe outside the stack',
    ],
    ['postgres://me:hunter2%0A@db/shop', 'its user, password or database is not UTF-8 text in one line'],
    ['postgres://me:hunter2%FF@db/shop', 'its user, password or database is not UTF-8 text in one line'],
  ];
  for (const [text, problem] of wrong)
    it(`refuses ${JSON.stringify(text)}`, () =>
      expect(problems({ databaseUrl: text })).to.deep.equal([
        'unit: databaseUrl must be a URL like postgres://user:password@db.example.com:5432/name?sslmode=verify-full: ' +
          `${problem}. Run: pulumi config set databaseUrl --secret`,
      ]));

  it('is refused as plain text, and not repeated', () =>
    expect(problems({ databaseUrl: url, replicas: '2' }, ['databaseUrl', 'replicas'])).to.deep.equal([
      'unit: databaseUrl must be a secret: it holds a password, and everybody can read it now. Run: pulumi config set databaseUrl --secret',
    ]));

  const together: [RawConfig, string[]][] = [
    [{ databaseUrl: url, databaseCa: ca }, []],
    [
      {
        databaseUrl: url,
        databaseVolume: 'database-data-2',
        databaseMemory: '512',
        postgresImage: 'postgres:17',
      },
      [],
    ],
    [
      { databaseCa: ca },
      ['unit: databaseCa says nothing without databaseUrl. Run: pulumi config set databaseUrl --secret'],
    ],
    [
      { databaseOwnerUrl: url },
      [
        'unit: databaseOwnerUrl says nothing without databaseUrl. Run: pulumi config set databaseUrl --secret',
      ],
    ],
    [{ databaseUrl: url, databaseOwnerUrl: url.replace('shop:', 'owner:') }, []],
    [
      { databaseUrl: url, databaseOwnerUrl: url.replace('6432', '5432') },
      [
        'unit: databaseOwnerUrl is not for the host, port and database of databaseUrl. Run: pulumi config set databaseOwnerUrl --secret',
      ],
    ],
    [
      { databaseUrl: url, databaseCa: '-----BEGIN CERTIFICATE-----\nx' },
      [
        'unit: databaseCa is no certificate that can be read. Run: pulumi config set databaseCa ./database-ca.pem',
      ],
    ],
    [
      { databaseUrl: url, 'backup.schedule': '0 3 * * *', 'backup.pointInTime': 'true' },
      ['backup.schedule', 'backup.pointInTime'].map(
        (key) =>
          `unit: ${key} is for our own Postgres; the one of databaseUrl has its provider's backups. Run: pulumi config rm ${key}`,
      ),
    ],
    [
      { databaseUrl: url, databaseMaxConnections: '40' },
      [
        'unit: databaseMaxConnections must be at least 55, got 40: a release needs (2 × 3 replicas + 1 candidate) × ' +
          '(6 connections + 1 that watches) + 6 others. Run: pulumi config set databaseMaxConnections 55',
      ],
    ],
  ];
  for (const [raw, expected] of together)
    it(`${expected.length > 0 ? 'refuses' : 'takes'} ${Object.keys(raw).join(' with ')}`, () =>
      expect(problems(raw)).to.deep.equal(expected));
});

describe('a stack with a managed database', () => {
  it('has no database of its own, no volume, and one password, which is the user’s', () => {
    const { services, links, volumes, passwords } = topology({ databaseUrl: url });
    expect(services.map(({ name }) => name)).to.deep.equal(['edge', 'storefront', 'gateway', 'product-api']);
    expect(links.map(({ from, to }) => `${from}-${to}`)).to.deep.equal([
      'edge-storefront',
      'edge-product-api',
      'storefront-gateway',
      'gateway-product-api',
    ]);
    expect(volumes).to.deep.equal([]);
    expect(passwords).to.deep.equal([{ name: 'database-app-password-5861', length: 9, own: 'p@ss/word' }]);
  });

  for (const name of ['product-api', 'migrate']) {
    it(`tells ${name} where it is, and the password as a file`, () => {
      const { env, secrets, files, after } = workload({ databaseUrl: url, databaseCa: ca }, name);
      expect(env).to.include({
        DATABASE_HOST: 'db.example.com',
        DATABASE_PORT: '6432',
        DATABASE_NAME: 'shop data',
        DATABASE_USER: 'shop',
        DATABASE_PASSWORD_FILE: '/run/secrets/database-app-password-5861',
        DATABASE_SSLMODE: 'verify-full',
      });
      expect(secrets).to.deep.equal(['database-app-password-5861']);
      const { path } = files!.entries[0]!;
      expect(env['DATABASE_CA_FILE']).to.equal(`/etc/product-stack/${path}`);
      expect(files!.entries).to.deep.equal([{ path, content: ca }]);
      expect(after).to.deep.equal(name === 'migrate' ? [] : ['migrate']);
    });
  }

  it('migrates as the owner, where that is another role, whose password nobody else gets', () => {
    const raw = { databaseUrl: url, databaseOwnerUrl: url.replace('shop:p', 'owner:q') };
    const [api, migrate] = ['product-api', 'migrate'].map((name) => workload(raw, name));
    expect(api!.env['DATABASE_USER']).to.equal('shop');
    expect(migrate!.env).to.include({ DATABASE_USER: 'owner', DATABASE_APP_ROLE: 'shop' });
    expect(topology(raw).passwords.map(({ name, own }) => [name, own])).to.deep.equal([
      [api!.secrets[0], 'p@ss/word'],
      [migrate!.secrets[0], 'q@ss/word'],
    ]);
  });

  it('proves another password or certificate by a release, on a file of its own', () => {
    const other = {
      databaseUrl: url.replace('word@', 'words@'),
      databaseCa: newPair('db.example.com').certificate,
    };
    const [before, after] = [{ databaseUrl: url, databaseCa: ca }, other].map(
      (raw) => workload(raw, 'product-api').env,
    );
    for (const name of ['DATABASE_PASSWORD_FILE', 'DATABASE_CA_FILE'])
      expect(before![name]).not.to.equal(after![name]);
  });

  it('gives nobody else a way out, and whoever has one a network of its own', async () => {
    const all = await record(
      () =>
        new ProductStack(topology({ databaseUrl: url, metrics: 'true' }), { prefix: 'x', waitSeconds: 120 }),
    );
    const open = all.filter(
      ({ type, inputs }) => type === 'docker:index/network:Network' && inputs['internal'] === false,
    );
    expect(open.map(({ name }) => name)).to.have.members([
      'edge-ingress',
      'metrics-ingress',
      'product-api-egress',
      'migrate-egress',
    ]);
    const users = (network: string) =>
      all
        .filter(({ inputs }) => JSON.stringify(inputs['networksAdvanced'] ?? '').includes(`"x-${network}"`))
        .map(({ name }) => name);
    expect(users('migrate-egress')).to.deep.equal(['migrate']);
    expect(users('product-api-egress')).to.have.members([
      'product-api-candidate',
      'product-api-1',
      'product-api-2',
      'product-api-3',
    ]);
  });

  it('has the password in secret files and in no environment, command or label', async () => {
    const all = await record(
      () => new ProductStack(topology({ databaseUrl: url }), { prefix: 'x', waitSeconds: 120 }),
    );
    const holders = all
      .filter(({ inputs }) => JSON.stringify(inputs).includes('p@ss/word'))
      .map(({ name }) => name);
    expect(holders).to.have.members(['product-api-secrets-loader', 'migrate-secrets-loader']);
    for (const { inputs } of all.filter(({ name }) => holders.includes(name)))
      expect(JSON.stringify({ ...inputs, uploads: [] })).not.to.contain('p@ss/word');
  });

  it('may reach the outside from product-api, and from nowhere else', () => {
    const listening = new Map([
      ['product-api', [8080]],
      ['edge', [8080]],
    ]);
    const ways = allowed(topology({ databaseUrl: url }), listening);
    expect(ways.filter((one) => /→ (host|outside)$/.test(one))).to.deep.equal([
      'edge → host',
      'product-api → host',
      'product-api → outside',
    ]);
  });

  it('has metrics of everything but its database', () => {
    const { services } = topology({ databaseUrl: url, metrics: 'true' });
    expect(services.map(({ name }) => name))
      .to.include('metrics')
      .and.not.to.include('database-metrics');
    const store = services.find(({ name }) => name === 'metrics')!;
    expect(JSON.stringify(store.files)).not.to.match(/database-metrics|postgres\.json/);
  });

  it('shows its ways out in the picture', () => {
    const managed = topology({ databaseUrl: url });
    for (const name of ['product-api', 'migrate']) {
      expect(toMermaid(managed)).to.contain(`${name} -->|${name}-egress| outside((outside))`);
      expect(layout(managed).boxes.find((box) => box.name === name)!.lines).to.include('→ outside the stack');
    }
  });

  it('is not exported to compose', () =>
    expect(() => composeExport(topology({ databaseUrl: url }))).to.throw(
      'unit: a managed database is not exported: databaseUrl is a secret, and only Pulumi can read it. ' +
        'Run: pulumi up, or render a stack without databaseUrl',
    ));

  it('shows in a preview what goes and what opens, and no password', () => {
    const facts = (raw: RawConfig) => factsOf(topology(raw), '.');
    const changes = topologyChanges(facts({}), facts({ databaseUrl: url }));
    const lines = changes.map(
      ({ operation, what, danger }) => `${danger ? `!${danger.rank} ` : ''}${operation} ${what}`,
    );
    expect(lines).to.include.members([
      '!2 delete database',
      '!1 delete volume database-data',
      '!3 create network product-api-egress',
      'replace product-api',
    ]);
    expect(JSON.stringify(changes)).not.to.match(/p@ss|db\.example/);
  });
});
