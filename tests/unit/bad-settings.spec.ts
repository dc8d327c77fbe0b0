import { expect } from 'chai';
import { keys, type Key } from '../../stacks/setting-keys.ts';
import { samePorts } from '../../stacks/contradictions.ts';
import type { RawConfig } from '../../stacks/settings.ts';
import { whereItCounts } from '../support/where-it-counts.ts';
import { problemsOf } from '../support/problems.ts';

const entries = Object.entries(keys) as [string, Key<unknown>][];

const problems = (raw: RawConfig, stack = 'bad') => problemsOf(stack, raw);

const notNumbers = [
  '',
  ' ',
  'five',
  '-1',
  '1e3',
  '0x10',
  'NaN',
  'Infinity',
  '٣',
  '1,000',
  'null',
  '[]',
  ' 5',
  '5\n',
  '9'.repeat(400),
];
const notImages = [
  '',
  ' ',
  'Nginx',
  'nginx:',
  ':tag',
  'a b',
  'a//b',
  'a@sha256:12',
  'http://x/y',
  'a:b:c/d:e',
  `${'a'.repeat(300)}`,
  '../a',
  'a\n',
];
const notPaths = [
  '',
  'up',
  'http://x/up',
  '/a b',
  '/a?x=1',
  '/a#b',
  '/$(reboot)',
  "/';reboot",
  '/`id`',
  `/${'a'.repeat(300)}`,
  '/a\nb',
  '/ü',
];
const notAddresses = [
  '',
  'localhost',
  '256.0.0.1',
  '127.0.0',
  '1.2.3.4.5',
  '::1',
  '01.2.3.4.',
  '127.0.0.1:80',
  '127.1',
  ' 127.0.0.1',
];
const notJson = [
  '',
  'A=1',
  '[]',
  'null',
  '"text"',
  '{"A":1}',
  '{"A":null}',
  '{"1A":"x"}',
  '{"A B":"x"}',
  '{A:"x"}',
  '{"A":"x"',
  '{"A":"\\u0000"}',
  '{"A":{}}',
];

const notHosts = [
  '',
  ' ',
  'a b',
  '-a',
  'a-',
  'a,,b',
  'a, b',
  ',a',
  'a..b',
  'http://a',
  'a:80',
  'Shop',
  'a/b',
  '*',
  'a;b',
  `${'a'.repeat(64)}`,
];
const notPems = [
  '',
  './nowhere.pem',
  'BEGIN CERTIFICATE',
  '-----BEGIN',
  '----BEGIN CERTIFICATE----',
  '-----BEGIN PUBLIC KEY-----',
  'x'.repeat(5000),
];

const notUrls = [
  '',
  'db.example.com',
  'mysql://u:hunter2@db/name',
  'postgres://u:hunter2@db/name?sslmode=disable',
  'postgres://hunter2',
  'x'.repeat(5000),
];

const notKeys = ['', ' ', 'hunter 2', 'hunter2\n', 'hünter2', 'x'.repeat(201)];
const notEndpoints = [
  '',
  's3.example.com',
  'http://s3.example.com',
  'https://',
  'https://me:word@s3.example.com',
  'https://s3.example.com/bucket',
  'https://s3.example.com?x',
  'https://s3.example.com:99999',
  'https://localhost:9000',
  'https://127.0.0.1',
  'https://a b',
];
const notBuckets = ['', 'ab', 'Backups', 'a/b', '-ab', 'ab-', 'a b c', 'a'.repeat(64)];
const notInBucket = ['', '/a', 'a/', 'a//b', '..', 'a/../b', 'a b', '.a'];
const notRegions = ['', 'EU', 'eu central', 'a'.repeat(41)];
const notFolders = [
  '',
  'backups',
  './backups',
  '../backups',
  '~/backups',
  '/',
  '/srv/',
  '//srv',
  '/srv/../etc',
  '/srv/.',
  '/srv/a:b',
  '/srv/a,b',
  '/srv/a\n',
  "/srv/'a",
  'C:\\backups',
];

/** Values that a key of this kind must refuse. */
function wrongValues({ kind }: Key<unknown>): readonly string[] {
  const { schema } = kind;
  if (schema['contentMediaType'] !== undefined) return notJson;
  const { minimum, maximum } = schema as { minimum: number; maximum: number };
  if (schema['type'] === 'integer') return [...notNumbers, '1.5', String(minimum - 1), String(maximum + 1)];
  if (schema['type'] === 'number') return [...notNumbers, '1.555', '.5', '5.', String(maximum + 1), '0.01'];
  if (schema['type'] === 'boolean') return ['', 'yes', 'TRUE', '1', 'on'];
  if (kind.isSecret && !kind.problem) return notKeys;
  return byExample[kind.example] ?? [''];
}

const byExample: Readonly<Record<string, readonly string[]>> = {
  '127.0.0.1': notAddresses,
  '/healthz': notPaths,
  'team/api:1.2': notImages,
  'shop.example,www.shop.example': notHosts,
  './certificate.pem': notPems,
  '--secret <key.pem': notPems,
  './database-ca.pem': notPems,
  '--secret': notUrls,
  './s3-ca.pem': notPems,
  'https://s3.example.com': notEndpoints,
  'team-backups': notBuckets,
  'shop/staging': notInBucket,
  'eu-central-1': notRegions,
  '/srv/backups': notFolders,
};

const table = entries.flatMap(([name, key]) => wrongValues(key).map((value) => [name, key, value] as const));

describe('bad settings', () => {
  it('are many', () => expect(table.length).to.be.greaterThan(200));

  for (const [name, { kind }, value] of table) {
    it(`refuses ${name} = ${JSON.stringify(value.slice(0, 40))}`, () => {
      const [problem, ...others] = problems({ [name]: value });
      expect(others).to.deep.equal([]);
      expect(problem)
        .to.match(new RegExp(`^bad: ${name} must be `))
        .and.to.contain(kind.expects);
      expect(problem!.endsWith(`Run: pulumi config set ${name} ${kind.example}`), problem).to.equal(true);
      expect(problem, 'one line').not.to.contain('\n');
      expect(problem!.length, 'readable').to.be.lessThan(300);
    });
  }

  const unknown: [string, string][] = [
    ['replica', '; did you mean replicas? Run: pulumi config rm replica'],
    ['Replicas', '; did you mean replicas? Run: pulumi config rm Replicas'],
    ['httpport', '; did you mean httpPort? Run: pulumi config rm httpport'],
    ['productAPIImage', '; did you mean productApiImage? Run: pulumi config rm productAPIImage'],
    ['postgresImagge', '; did you mean postgresImage? Run: pulumi config rm postgresImagge'],
    ['catalogue', '; did you mean catalogueSize? Run: pulumi config rm catalogue'],
    ['colour', '. All of them are in docs/settings.md. Run: pulumi config rm colour'],
    ['toString', '. All of them are in docs/settings.md. Run: pulumi config rm toString'],
    ['constructor', '. All of them are in docs/settings.md. Run: pulumi config rm constructor'],
    ['__proto__', '. All of them are in docs/settings.md. Run: pulumi config rm __proto__'],
  ];
  for (const [name, rest] of unknown) {
    it(`refuses the key ${name}`, () =>
      expect(problems(Object.fromEntries([[name, '1']]))).to.deep.equal([
        `bad: ${name} is not a setting${rest}`,
      ]));
  }

  for (const [name] of entries) {
    it(`knows what a slip in ${name} means`, () => {
      const slip = name.slice(0, -2) + name.at(-1);
      expect(problems({ [slip]: '1' })[0]).to.contain(`did you mean ${name}?`);
    });
  }

  const together: [RawConfig, string][] = [
    [{ productApiImage: 'a' }, 'bad: productApiImage needs productApiHealthPath'],
    [{ storefrontImage: 'a' }, 'bad: storefrontImage needs storefrontHealthPath'],
    [{ replicas: '30' }, 'bad: databaseMaxConnections must be at least 433, got 300'],
    [{ databasePoolSize: '200' }, 'bad: databaseMaxConnections must be at least 1413, got 300'],
    [
      { edgeCacheSeconds: '1' },
      'bad: edgeCacheSeconds must be 0 or 2 and more, got 1: nginx counts whole seconds',
    ],
    [{ databaseMaxConnections: '10' }, 'bad: databaseMaxConnections must be at least 55, got 10'],
    [{ productApiEnv: '{"PORT":"3000"}' }, 'bad: productApiEnv sets PORT, which productApiPort decides'],
    [{ storefrontEnv: '{"PORT":"3000"}' }, 'bad: storefrontEnv sets PORT, which storefrontPort decides'],
  ];
  for (const [raw, expected] of together) {
    it(`refuses ${JSON.stringify(raw)}`, () => {
      expect(problems(raw)).to.have.length(1);
      expect(problems(raw)[0]).to.contain(expected).and.to.contain('pulumi config set ');
    });
  }

  it('refuses two host ports that are the same', () => {
    const ports = [
      { key: 'httpPort', first: 8080, count: 1 },
      { key: 'a', first: 9000, count: 3 },
      { key: 'b', first: 9002, count: 1 },
      { key: 'httpsPort', first: 8080, count: 1 },
    ];
    expect(samePorts(ports)).to.deep.equal([
      'a and b must differ, a takes 9000 to 9002, b 9002. Run: pulumi config set b 9003',
      'httpPort and httpsPort must differ, both are 8080. Run: pulumi config set httpsPort 9003',
    ]);
  });

  for (const stack of ['Staging', 'a b', 'a__b', '-a', 'a'.repeat(41), 'ä', '']) {
    it(`refuses the stack name ${JSON.stringify(stack)}`, () =>
      expect(problems({}, stack)[0])
        .to.contain("the stack's name must be")
        .and.to.contain('pulumi stack rename'));
  }

  it('repeats no value that may be secret', () => {
    const half = '-----BEGIN PRIV KEY-----\nhunter2';
    expect(problems({ tlsKey: half }).join()).not.to.contain('hunter2');
    for (const url of notUrls) expect(problems({ databaseUrl: url }).join()).not.to.contain('hunter2');
    expect(problems({ productApiEnv: '{"TOKEN":"hunter2",}' }).join()).not.to.contain('hunter2');
  });

  it('survives 2,000 random values: each is taken, or refused in one line', () => {
    for (let seed = 1; seed <= 2000; seed++) {
      const [name] = entries[seed % entries.length]!;
      expect(problems({ [name]: noise(seed) }).length, `${name}, seed ${seed}`).to.be.lessThan(2);
    }
  });

  it('takes every example that an error suggests', () => {
    // A pair's examples are files of the reader's, and a secret is asked for.
    for (const [name, { kind }] of entries.filter(
      ([key]) =>
        !/^tls|encryptTo|databaseUrl|databaseOwnerUrl|databaseCa|s3\.(ca|accessKey|secretKey)/.test(key),
    )) {
      const example = kind.example.replace(/^'|'$/g, '');
      const [problem = ''] = problems({
        ...(name === 'dev' && { devUser: '1000:1000' }),
        ...whereItCounts(name),
        [name]: example,
      });
      expect(problem, name).to.satisfy((text: string) => text === '' || text.includes(`${name} needs`));
    }
  });
});

/** Text that follows from the seed (mulberry32): digits and letters first, then anything. */
function noise(seed: number): string {
  const random = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    const mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const alphabet = '0123456789abcXYZ.-_/:@{}"\',$ \n\t\\\u0000ü😀';
  return Array.from(
    { length: Math.floor(random() * 12) },
    () => alphabet[Math.floor(random() * alphabet.length)],
  ).join('');
}
