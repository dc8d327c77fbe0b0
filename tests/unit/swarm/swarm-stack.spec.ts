import { expect } from 'chai';
import { mostPerNode } from '../../../components/swarm/policies.ts';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../../stacks/settings.ts';
import { SwarmStack } from '../../../stacks/swarm/swarm-stack.ts';
import { record, type Registration } from '../recorder.ts';

/** The inputs of a docker.Service, as far as they are looked at. */
interface Inputs {
  readonly mode: object;
  readonly taskSpec: {
    readonly containerSpec: Readonly<Record<string, unknown>> & {
      readonly secrets: readonly { fileName: string; secretName: string }[];
      readonly configs: readonly { fileName: string }[];
      readonly mounts: readonly { target: string; type: string; source: string; tmpfsOptions?: object }[];
    };
    readonly networksAdvanceds: readonly { id: string; aliases: string[] }[];
    readonly placement: { readonly constraints: readonly string[]; readonly maxReplicas: number };
    readonly resources: object;
    readonly restartPolicy: object;
  };
  readonly updateConfig?: {
    readonly order: string;
    readonly failureAction: string;
    readonly parallelism: number;
  };
  readonly endpointSpec: object;
}

interface Declared {
  readonly all: Registration[];
  readonly services: Readonly<Record<string, Inputs>>;
  /** What was waited for, in order. */
  readonly waited: readonly string[];
}

async function declared(raw: RawConfig = {}, overlayEncryption = true): Promise<Declared> {
  const swarm = { engine: 'swarm', bindAddress: '0.0.0.0', registry: 'registry.example.com' };
  const waited: string[] = [];
  const note = (name: string) => Promise.resolve(void waited.push(name));
  const topology = productTopology(parseSettings('unit', { ...swarm, ...raw }));
  const options = { prefix: 'p', nodes: 3, registry: 'registry.example.com', overlayEncryption };
  const all = await record(
    () => new SwarmStack(topology, { ...options, rollouts: { rolledOut: note, finished: note } }),
  );
  const services = all
    .filter(({ type }) => type === 'docker:index/service:Service')
    .map(({ name, inputs }) => [readable(name), inputs as unknown as Inputs]);
  return { all, services: Object.fromEntries(services) as Record<string, Inputs>, waited };
}

describe('how many tasks of a service a node may have', () => {
  const cases: [replicas: number, nodes: number, most: number, why: string][] = [
    [3, 1, 0, 'one node has all'],
    [3, 2, 0, 'the other alone must take all when one is gone'],
    [1, 3, 0, 'there is only one'],
    [2, 3, 2, 'a release on the two that are left needs room for three'],
    [3, 3, 2, 'no node has all three'],
    [5, 3, 3, 'no node has all five'],
    [3, 5, 2, 'also where two nodes are gone a release has room'],
    [50, 10, 7, 'a tenth, and more while one is gone and a release runs'],
  ];
  for (const [replicas, nodes, most, why] of cases)
    it(`is ${most || 'not limited'} of ${replicas} on ${nodes}: ${why}`, () =>
      expect(mostPerNode(replicas, nodes)).to.equal(most));

  it('is what its service says; what has a place has no limit', async () => {
    const { services } = await declared();
    const limits = Object.entries(services).map(([name, { taskSpec }]) => [
      name,
      taskSpec.placement.maxReplicas,
    ]);
    expect(Object.fromEntries(limits)).to.include({
      'product-api': 2,
      storefront: 2,
      database: 0,
      edge: 0,
      migrate: 0,
    });
  });
});

describe('SwarmStack', () => {
  let stack: Declared;
  before(async () => {
    stack = await declared();
  });
  const specs = () => Object.entries(stack.services).map(([name, { taskSpec }]) => [name, taskSpec] as const);

  it('makes every service and job of the topology a service, and a check of nginx files', () => {
    expect(Object.keys(stack.services)).to.have.members([
      'database',
      'migrate',
      'product-api',
      'gateway-files-check',
      'gateway',
      'storefront',
      'edge-files-check',
      'edge',
    ]);
  });

  it('begins with the database and ends with edge, each when what it asks is well', () => {
    expect(stack.waited.filter((name) => !name.includes('check')).map(readable)).to.deep.equal([
      'database',
      'migrate',
      'product-api',
      'gateway',
      'storefront',
      'edge',
    ]);
  });

  it('has an order also where two ask each other: metrics and alerts', async () => {
    const { waited } = await declared({ metrics: 'true', 'metrics.address': '0.0.0.0' });
    const names = waited.map(readable);
    for (const name of ['alerts', 'metrics']) expect(names).to.include(name);
    expect(names.indexOf('edge')).to.be.lessThan(names.indexOf('metrics'));
  });

  it('says how many, and that edge is on every node for it', () => {
    const modes = Object.entries(stack.services).map(([name, { mode, taskSpec }]) => [
      name,
      JSON.stringify(mode),
      taskSpec.placement.constraints.join(),
    ]);
    expect(modes).to.have.deep.members([
      ['database', '{"replicated":{"replicas":1}}', 'node.labels.product-stack.data==true'],
      ['migrate', '{"replicated":{"replicas":1}}', ''],
      ['product-api', '{"replicated":{"replicas":3}}', ''],
      ['gateway-files-check', '{"replicated":{"replicas":1}}', ''],
      ['gateway', '{"replicated":{"replicas":1}}', ''],
      ['storefront', '{"replicated":{"replicas":2}}', ''],
      ['edge-files-check', '{"replicated":{"replicas":1}}', ''],
      ['edge', '{"global":true}', 'node.labels.product-stack.edge==true'],
    ]);
  });

  it('hardens every task', () => {
    for (const [name, { containerSpec: spec, restartPolicy }] of specs()) {
      expect(spec['capDrops'], name).to.deep.equal(['ALL']);
      expect(spec['readOnly'], name).to.equal(true);
      expect(spec['init'], name).to.equal(true);
      expect(spec['user'], name).to.match(/^[1-9]\d*:[1-9]\d*$/);
      expect(JSON.stringify([spec['healthcheck'], spec['args']]), `${name} looks for it`).to.contain(
        'NoNewPrivs',
      );
      const once = name === 'migrate' || name.endsWith('-check');
      expect(restartPolicy, name).to.deep.equal(
        once
          ? { condition: 'none', delay: '1s', maxAttempts: 0, window: '0s' }
          : { condition: 'on-failure', delay: '1s', maxAttempts: 5, window: '10m' },
      );
    }
  });

  it('limits memory and CPUs, and reserves the memory', () => {
    const memoryBytes = 256 * 2 ** 20;
    expect(stack.services['product-api']!.taskSpec.resources).to.deep.equal({
      limits: { memoryBytes, nanoCpus: 1e9 },
      reservation: { memoryBytes, nanoCpus: 0 },
    });
  });

  it('makes one overlay for each link, and gives names only to who is asked', () => {
    const networks = stack.all.filter(({ type }) => type === 'docker:index/network:Network');
    expect(networks.map(({ inputs }) => [inputs['name'], inputs['internal']])).to.have.deep.members([
      ['p-edge-storefront', true],
      ['p-edge-product-api', true],
      ['p-storefront-gateway', true],
      ['p-gateway-product-api', true],
      ['p-product-api-database', true],
      ['p-migrate-database', true],
      ['p-edge-ingress', false],
    ]);
    for (const { inputs } of networks)
      expect([inputs['driver'], inputs['attachable'], inputs['options']]).to.deep.equal([
        'overlay',
        false,
        { encrypted: '' },
      ]);
    expect(stack.services['gateway']!.taskSpec.networksAdvanceds).to.deep.equal([
      { id: 'gateway-product-api-id', aliases: [] },
      { id: 'storefront-gateway-id', aliases: ['gateway'] },
    ]);
  });

  it('has other networks when they are not encrypted, and not the same with other options', async () => {
    const { all } = await declared({}, false);
    const networks = all.filter(({ type }) => type === 'docker:index/network:Network');
    expect(networks.map(({ name }) => name)).to.include('edge-storefront-plain');
    for (const { inputs } of networks) expect(inputs['options']).to.equal(undefined);
  });

  it('publishes edge and nothing else, on its nodes', () => {
    const publishing = Object.entries(stack.services).filter(([, { endpointSpec }]) =>
      JSON.stringify(endpointSpec).includes('publishedPort'),
    );
    const port = { protocol: 'tcp', publishMode: 'host' };
    expect(publishing.map(([name, { endpointSpec }]) => [name, endpointSpec])).to.deep.equal([
      [
        'edge',
        {
          mode: 'dnsrr',
          ports: [
            { ...port, publishedPort: 8080, targetPort: 8080 },
            { ...port, publishedPort: 8443, targetPort: 8443 },
          ],
        },
      ],
    ]);
  });

  it('replaces tasks one by one and turns back what fails; only who owns a port or a volume stops first', () => {
    const orders = Object.entries(stack.services)
      .filter(([, { updateConfig }]) => updateConfig)
      .map(([name, { updateConfig }]) => [
        name,
        updateConfig!.order,
        updateConfig!.failureAction,
        updateConfig!.parallelism,
      ]);
    expect(orders).to.have.deep.members([
      ['database', 'stop-first', 'rollback', 1],
      ['product-api', 'start-first', 'rollback', 1],
      ['gateway', 'start-first', 'rollback', 1],
      ['storefront', 'start-first', 'rollback', 1],
      ['edge', 'stop-first', 'rollback', 1],
    ]);
  });

  it('makes of a service with other networks another one, which is well before the old one goes; who owns a port or a volume goes first', async () => {
    const names = ({ waited }: Declared) => waited.filter((name) => !/check|migrate/.test(name));
    const before = names(stack);
    for (const name of before)
      expect(name).to.match(/^p-(edge|database|(product-api|storefront|gateway)-[0-9a-f]{7})$/);
    expect(names(await declared({ replicas: '5', productApiMemory: '300' }))).to.deep.equal(before);
    const after = names(await declared({ metrics: 'true', 'metrics.address': '0.0.0.0' }));
    expect(after.filter((name) => before.includes(name))).to.have.members(['p-edge', 'p-database']);
  });

  it('gives each service only its own secrets, as files', () => {
    const secrets = specs()
      .filter(([, { containerSpec }]) => containerSpec.secrets.length > 0)
      .map(([name, { containerSpec }]) => [name, ...containerSpec.secrets.map(({ fileName }) => fileName)]);
    expect(secrets).to.have.deep.members([
      ['database', 'database-app-password', 'database-owner-password', 'database-superuser-password'],
      ['migrate', 'database-owner-password'],
      ['product-api', 'database-app-password', 'database-app-password-previous'],
      ['edge', 'edge-certificate', 'edge-key'],
      ['edge-files-check', 'edge-certificate', 'edge-key'],
    ]);
    expect(JSON.stringify(stack.services), 'a password in a service').not.to.contain('secret-of-');
  });

  it('names configs by their content, in at most 64 characters, and each content is a resource of its own', async () => {
    const configs = ({ all }: Declared) =>
      all.filter(({ type }) => type === 'docker:index/serviceConfig:ServiceConfig');
    for (const { name, inputs } of configs(stack)) {
      expect(name)
        .to.match(/^p-[\w-]+-[0-9a-f]{12}$/)
        .and.to.equal(inputs['name']);
      expect(name.length).to.be.at.most(64);
    }
    const names = configs(stack).map(({ name }) => name);
    const changed = configs(await declared({ hsts: '60' })).filter(({ name }) => !names.includes(name));
    expect(changed.map(({ name }) => name.slice(0, -13))).to.deep.equal(['p-edge-settings-http-conf']);
  });

  const secretsOf = ({ all }: Declared) => all.filter(({ type }) => type === 'docker:index/secret:Secret');

  it('lets Pulumi name secrets, so that a new one is there before the old one goes', () => {
    const secrets = secretsOf(stack).map(({ name, inputs }) => [withoutDigits(name), inputs['name']]);
    expect(secrets).to.have.deep.members(
      [
        'edge-certificate',
        'edge-key',
        'database-app-password',
        'database-app-password-previous',
        'database-owner-password',
        'database-superuser-password',
      ].map((name) => [name, undefined]),
    );
  });

  it('makes each content of a secret a resource of its own, so that going back after an up that failed changes nothing', async () => {
    const names = secretsOf(stack).map(({ name }) => name);
    const changed = secretsOf(await declared({ hosts: 'shop.example.com' })).map(({ name }) => name);
    const others = changed.filter((name) => !names.includes(name)).map(withoutDigits);
    expect(others).to.have.members(['edge-certificate', 'edge-key']);
    const same = secretsOf(await declared({ replicas: '2' })).map(({ name }) => name);
    expect(same).to.have.members(names);
  });

  it('asks a managed Postgres through ways out of their own, and labels no node for data', async () => {
    const databaseUrl = 'postgres://me:hunter2@db.example.com/shop?sslmode=verify-full';
    const { all, services } = await declared({ databaseUrl });
    const open = all.filter(({ type, inputs }) => type.endsWith(':Network') && inputs['internal'] === false);
    expect(open.map(({ name }) => name)).to.have.members([
      'edge-ingress',
      'migrate-egress',
      'product-api-egress',
    ]);
    const networks = services['product-api']!.taskSpec.networksAdvanceds.map(({ id }) => id);
    expect(networks).to.include('product-api-egress-id');
    expect(JSON.stringify(services)).not.to.contain('product-stack.data').and.not.to.contain('hunter2');
  });

  it('keeps writable folders in memory, and data in a volume of its node', () => {
    expect(stack.services['database']!.taskSpec.containerSpec.mounts).to.deep.equal([
      tmpfs('/tmp', 16),
      tmpfs('/var/run/postgresql', 1),
      tmpfs('/dev/shm', 128),
      {
        target: '/var/lib/postgresql',
        type: 'volume',
        source: 'p-database-data',
        readOnly: false,
        volumeOptions: { labels: [{ label: 'product-stack.stack', value: 'unit' }] },
      },
    ]);
  });

  it('runs images by the digest that the registry knows', () => {
    const images = new Set(specs().map(([, { containerSpec }]) => containerSpec['image']));
    expect([...images]).to.have.members([
      'postgres@sha256:of-postgres:18-trixie',
      'nginx@sha256:of-nginx:1.30-alpine',
      'registry.example.com/p/migrate@sha256:of-migrate',
      'registry.example.com/p/product-api@sha256:of-product-api',
      'registry.example.com/p/storefront@sha256:of-storefront',
    ]);
  });
});

/** `p-product-api-1a2b3c4` is product-api. */
function readable(name: string): string {
  return name.replace(/^p-/, '').replace(/-[0-9a-f]{7}$/, '');
}

/** The four digits that tell contents apart. */
function withoutDigits(name: string): string {
  expect(name).to.match(/-[0-9a-f]{4}$/);
  return name.slice(0, -5);
}

function tmpfs(target: string, mebibytes: number) {
  const tmpfsOptions = { sizeBytes: mebibytes * 2 ** 20, mode: 0o777 };
  return { target, type: 'tmpfs', source: '', readOnly: false, tmpfsOptions };
}
