import { expect } from 'chai';
import { sorted, type Change } from '../../preview/change.ts';
import { emptyTopology, factsOf, type Facts } from '../../preview/facts.ts';
import { topologyChanges } from '../../preview/topology-diff.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import type { Service, Topology } from '../../stacks/topology.ts';

function facts(raw: RawConfig = {}, change: (topology: Topology) => Topology = (same) => same): Facts {
  return factsOf(change(productTopology(parseSettings('unit', raw))), '.');
}

function withService(name: string, more: Partial<Service>): (topology: Topology) => Topology {
  return (topology) => ({
    ...topology,
    services: topology.services.map((one) => (one.name === name ? { ...one, ...more } : one)),
  });
}

function line({ operation, what, reasons, danger }: Change): string {
  return `${danger ? `!${danger.rank} ` : ''}${operation} ${what}: ${reasons.join('; ')}`;
}

const cases: [string, Facts, string[]][] = [
  ['nothing', facts(), []],
  ['more replicas', facts({ replicas: '5' }), ['update product-api: replicas 3 → 5']],
  ['memory', facts({ databaseMemory: '1024' }), ['!2 replace database: command line; memory 512 → 1024 MiB']],
  ['memory alone', facts({ storefrontMemory: '300' }), ['update storefront: memory 256 → 300 MiB']],
  ['CPUs', facts({ storefrontCpus: '0.5' }), ['replace storefront: CPUs 1 → 0.5']],
  [
    'an address that the world reaches',
    facts({ bindAddress: '0.0.0.0' }),
    ['!3 replace edge: port 127.0.0.1:8080, 127.0.0.1:8443 → 0.0.0.0:8080, 0.0.0.0:8443'],
  ],
  [
    'another port',
    facts({ httpPort: '8090' }),
    ['!3 replace edge: port 127.0.0.1:8080, 127.0.0.1:8443 → 127.0.0.1:8090, 127.0.0.1:8443'],
  ],
  [
    'another major version of Postgres',
    facts({ postgresImage: 'postgres:17-trixie' }),
    ['!1 replace database: image postgres:18-trixie → postgres:17-trixie; mounted volumes'],
  ],
  [
    'a variable, by its name alone',
    facts({ productApiEnv: '{"API_TOKEN":"hunter2"}' }),
    ['replace product-api: environment: API_TOKEN'],
  ],
  [
    'a new way to the database',
    facts({}, (topology) => ({
      ...topology,
      links: [...topology.links, { from: 'storefront', to: 'database' }],
    })),
    [
      '!2 replace database: networks',
      '!2 create network storefront-database: new',
      'replace storefront: networks',
    ],
  ],
  [
    'a volume that goes',
    facts({}, (topology) => ({ ...topology, volumes: [] })),
    ['!1 delete volume database-data: no longer used'],
  ],
  [
    'a password that goes',
    facts({}, (topology) => ({ ...topology, passwords: topology.passwords.slice(1) })),
    ['!2 delete password database-superuser-password: no longer used'],
  ],
  [
    'a service that goes',
    facts({}, (topology) => ({ ...topology, services: topology.services.slice(1) })),
    ['!4 delete edge: gone', 'delete network edge-ingress: no longer used'],
  ],
  [
    'a rotated password',
    facts({ databasePasswordVersion: '2' }),
    [
      'replace password database-app-password: rotated',
      'replace password database-app-password-previous: rotated',
    ],
  ],
  [
    'other host names',
    facts({ hosts: 'shop.example' }),
    [
      'replace certificate edge: its names, or your own pair',
      'reload files of edge: files: settings/http.conf, settings/server.conf',
    ],
  ],
  [
    'a part of the topology that this code has never heard of',
    facts({}, (topology) => ({ ...topology, timers: [1] }) as Topology),
    ['update timers: differs'],
  ],
  ['a user', facts({}, withService('gateway', { user: '1:1' })), ['!4 replace gateway: user']],
  [
    'a field that this code has never heard of',
    facts({}, withService('gateway', { gpus: 2 } as Partial<Service>)),
    ['!4 replace gateway: gpus'],
  ],
];

describe('the difference between two commits', () => {
  const base = facts();
  for (const [name, head, expected] of cases)
    it(`shows ${name}`, () => expect(sorted(topologyChanges(base, head)).map(line)).to.deep.equal(expected));

  it('shows changed sources and files', () => {
    const head: Facts = {
      ...base,
      images: { ...base.images, storefront: 'other' },
      files: { ...base.files, gateway: { ...base.files['gateway'], 'nginx.conf': 'other' } },
    };
    expect(sorted(topologyChanges(base, head)).map(line)).to.deep.equal([
      `replace storefront: its sources changed ${base.images['storefront']} → other`,
      'reload files of gateway: files: nginx.conf',
    ]);
  });

  it('shows a whole stack that comes or goes', () => {
    const none = factsOf(emptyTopology('unit'), '.');
    const come = topologyChanges(none, base);
    expect(come.filter(({ danger }) => danger)).to.deep.equal([]);
    expect(come.map(({ what }) => what)).to.include.members(['product-api ×3', 'volume database-data']);
    expect(sorted(topologyChanges(base, none)).slice(0, 2).map(line)).to.deep.equal([
      '!1 delete volume database-data: no longer used',
      '!2 delete database: gone',
    ]);
  });
});
