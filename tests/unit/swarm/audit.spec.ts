import { expect } from 'chai';
import { judge } from '../../../audit/hardening.ts';
import { allowed } from '../../../audit/reachability.ts';
import type { Inside, Inspected } from '../../../audit/rules.ts';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../../stacks/settings.ts';

const zero = '0000000000000000';
const caps = Object.fromEntries(['Inh', 'Prm', 'Eff', 'Bnd', 'Amb'].map((set) => [`Cap${set}`, zero]));

/** What a Swarm makes, as an engine shows it: no security options, no restart policy, twice the memory as swap. */
function task(host: object = {}): Inspected {
  return {
    Id: '1',
    Name: '/p-edge.1.w7d988bmfs6uqq0rsavvpyq3b',
    State: { Running: true, Health: {} },
    Config: {
      Image: `nginx@sha256:${'0'.repeat(64)}`,
      User: '101:101',
      Labels: { 'product-stack.role': 'replica', 'com.docker.swarm.task.id': 'x' },
    },
    HostConfig: {
      ...{
        Binds: null,
        CapAdd: null,
        CapDrop: ['ALL'],
        Devices: null,
        Privileged: false,
        ReadonlyRootfs: true,
      },
      ...{ IpcMode: 'private', NetworkMode: 'bridge', PidMode: '', UTSMode: '' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      ...{ Memory: 1, MemorySwap: 2, NanoCpus: 1, PortBindings: null, SecurityOpt: null },
      RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
      ...host,
    },
    Mounts: [],
    NetworkSettings: { Networks: { 'p-edge-storefront': {} } },
  };
}

const inside = (more: Partial<Inside> = {}, status: object = {}): Inside => ({
  status: { Uid: '101\t101\t101\t101', ...caps, NoNewPrivs: '1', Seccomp: '2', ...status },
  rootWritable: false,
  hasSwap: false,
  ...more,
});

describe('the audit of a task', () => {
  const cases: [string, Inspected, Inside, string[]][] = [
    ['finds nothing where the engine is as it should be', task(), inside(), []],
    [
      'sees inside that its engine lets processes gain privileges',
      task(),
      inside({}, { NoNewPrivs: '0' }),
      ['no new privileges: is not in force'],
    ],
    ['sees inside that its node has swap', task(), inside({ hasSwap: true }), ['limits: may swap']],
    ['holds it to every other rule', task({ CapDrop: null }), inside(), ['capabilities: drops none']],
    [
      'finds a restart policy that no Swarm makes',
      task({ RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } }),
      inside(),
      ['restarts: restarts "always"'],
    ],
  ];
  for (const [name, one, seen, misses] of cases)
    it(name, () => expect(judge(one, seen).misses).to.deep.equal(misses));

  it('lets ports be open on every address, and says why', () => {
    const ports = { PortBindings: { '8080/tcp': [{ HostIp: '', HostPort: '8080' }] } };
    const { container, misses, exceptions } = judge(task(ports), inside());
    expect([container, misses]).to.deep.equal(['p-edge.1', []]);
    expect(exceptions).to.deep.equal([
      'ports: a Swarm opens ports on every address of a node; bindAddress 0.0.0.0 says so',
    ]);
  });
});

describe('what may be reached on a Swarm', () => {
  const reach = (raw: RawConfig) =>
    allowed(productTopology(parseSettings('unit', raw)), new Map([['edge', [8080]]]), { several: ['edge'] });

  it('is an edge by another', () => expect(reach({})).to.include('edge → edge:8080'));

  it('is nothing outside', () => expect(reach({}).join()).not.to.contain('outside'));

  it('is the outside where a managed Postgres is there, also for edge', () =>
    expect(
      reach({ databaseUrl: 'postgres://me:hunter2@db.example.com/shop?sslmode=verify-full' }).filter((one) =>
        one.endsWith('outside'),
      ),
    ).to.deep.equal(['edge → outside', 'product-api → outside']));
});
