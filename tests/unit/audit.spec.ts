import { expect } from 'chai';
import { judge } from '../../audit/hardening.ts';
import { allowed, differences, meant, parseListening } from '../../audit/reachability.ts';
import type { Inside, Inspected } from '../../audit/rules.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';

type Json = Record<string, unknown>;

const host = {
  Binds: null,
  CapAdd: null,
  CapDrop: ['ALL'],
  Devices: [],
  IpcMode: 'private',
  LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
  Memory: 1,
  MemorySwap: 1,
  NanoCpus: 1,
  NetworkMode: 'bridge',
  PidMode: '',
  PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '8080' }] },
  Privileged: false,
  ReadonlyRootfs: true,
  RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 5 },
  SecurityOpt: ['no-new-privileges:true'],
  UTSMode: '',
};

const pinned = `sha256:${'0'.repeat(64)}`;

/** A container in which all is well, but for `hostConfig` and `more`. */
function container(hostConfig: Json = {}, more: Json = {}, role = 'replica'): Inspected {
  const Labels = { 'product-stack.role': role, 'product-stack.service': 'x' };
  return {
    Id: '1',
    Name: '/x-1',
    State: { Running: true, Health: {} },
    Config: { Image: pinned, User: '101:101', Labels },
    HostConfig: { ...host, ...hostConfig },
    Mounts: [],
    NetworkSettings: { Networks: { 'edge-x': {} } },
    ...more,
  } as unknown as Inspected;
}

const zero = '0000000000000000';
const status = {
  Uid: '101\t101\t101\t101',
  CapInh: zero,
  CapPrm: zero,
  CapEff: zero,
  CapBnd: zero,
  CapAmb: zero,
  NoNewPrivs: '1',
  Seccomp: '2',
};
const inside = (more: Json = {}, rootWritable = false): Inside => ({
  status: { ...status, ...more },
  rootWritable,
});
const published = (HostIp: string, HostPort: string) => ({
  PortBindings: { '1/tcp': [{ HostIp, HostPort }] },
});
const labelled = { 'product-stack.role': 'replica' };

describe('the hardening audit', () => {
  const cases: [container: Inspected, inside: Inside, misses: string[]][] = [
    [container(), inside(), []],
    [
      container({}, { Config: { Image: pinned, User: '', Labels: labelled } }),
      inside(),
      ['user: runs as ""'],
    ],
    [
      container({}, { Config: { Image: pinned, User: '0:101', Labels: labelled } }),
      inside(),
      ['user: runs as "0:101"'],
    ],
    [container(), inside({ Uid: '0\t0\t0\t0' }), ['user: process 1 has uid 0\t0\t0\t0']],
    [container({ CapDrop: null }), inside(), ['capabilities: drops none']],
    [container({ CapAdd: ['NET_ADMIN'] }), inside(), ['capabilities: adds NET_ADMIN']],
    [
      container(),
      inside({ CapBnd: '00000000a80425fb' }),
      ['capabilities: process 1 has CapBnd 00000000a80425fb'],
    ],
    [container({ ReadonlyRootfs: false }), inside(), ['read-only: its file system can be written']],
    [container(), inside({}, true), ['read-only: a file could be written to /']],
    [container({ SecurityOpt: [] }), inside(), ['no new privileges: is not set']],
    [container(), inside({ NoNewPrivs: '0' }), ['no new privileges: is not in force']],
    [container({ SecurityOpt: ['no-new-privileges', 'seccomp=unconfined'] }), inside(), ['seccomp: is off']],
    [container(), inside({ Seccomp: '0' }), ['seccomp: is not in force']],
    [container({ Privileged: true }), inside(), ['isolation: is privileged']],
    [container({ Devices: [{}] }), inside(), ['isolation: has devices of the host']],
    [container({ PidMode: 'host' }), inside(), ['isolation: shares a namespace with the host']],
    [
      container({}, { Mounts: [{ Source: '/var/run/docker.sock' }] }),
      inside(),
      ['no docker.sock: can command the engine'],
    ],
    [
      container({}, { NetworkSettings: { Networks: { bridge: {} } } }),
      inside(),
      ['networks: is on docker0, with strangers'],
    ],
    [
      container({}, { Config: { Image: 'nginx:1', User: '1:1', Labels: labelled } }),
      inside(),
      ['pinned image: is whatever nginx:1 means today'],
    ],
    [container(published('', '8080')), inside(), ['ports: 8080 is open on every interface']],
    [container(published('127.0.0.1', '80')), inside(), ['ports: 80 is a privileged port']],
    [container({ Memory: 0 }), inside(), ['limits: has no memory limit']],
    [container({ MemorySwap: -1 }), inside(), ['limits: may swap']],
    [container({ NanoCpus: 0 }), inside(), ['limits: has no CPU limit']],
    [
      container({ RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } }),
      inside(),
      ['restarts: restarts "always", 0 times'],
    ],
    [container({}, {}, 'job'), inside(), ['restarts: restarts "on-failure"']],
    [container({}, { State: { Running: true } }), inside(), ['health: has no health check']],
    [
      container({ LogConfig: { Type: 'json-file', Config: {} } }),
      inside(),
      ['log rotation: logs without end'],
    ],
  ];
  for (const [one, seen, misses] of cases)
    it(misses[0] ?? 'finds nothing where all is well', () =>
      expect(judge(one, seen).misses).to.deep.equal(misses),
    );

  it('lets containers of a compose project have images by tag, and says why', () => {
    const Labels = { ...labelled, 'com.docker.compose.project': 'x' };
    const { misses, exceptions } = judge(
      container({}, { Config: { Image: 'nginx:1', User: '1:1', Labels } }),
      inside(),
    );
    expect(misses).to.deep.equal([]);
    expect(exceptions).to.have.length(1);
  });

  it('lets a loader that never ran have a writable file system, and says why', () => {
    const loader = container(
      { ReadonlyRootfs: false, RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
      { State: { Running: false } },
      'loader',
    );
    const { misses, exceptions } = judge(loader, undefined);
    expect(misses).to.deep.equal([]);
    expect(exceptions[0]).to.contain('it is never started');
  });

  it('lets a loader that writes into a volume be root, and nothing else', () => {
    const Labels = { 'product-stack.role': 'loader' };
    const RestartPolicy = { Name: 'no', MaximumRetryCount: 0 };
    const loader = container(
      { ReadonlyRootfs: false, RestartPolicy },
      { Config: { Image: pinned, User: '0:0', Labels } },
    );
    const { misses, exceptions } = judge(loader, undefined);
    expect(exceptions).to.have.length(1);
    expect(exceptions[0]).to.contain('user: a volume belongs to root');
    expect(misses).to.deep.equal(['read-only: its file system can be written']);
  });
});

describe('reachability', () => {
  const topology = productTopology(parseSettings('unit', {}));

  it('reads what others can reach out of /proc/net/tcp and tcp6', () => {
    const line = (address: string, port: string, state: string) =>
      `   0: ${address}:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000 101 0 1`;
    const table = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      line('00000000', '1F90', '0A'),
      line('0100007F', '1F91', '0A'),
      line('0B00007F', '9D3B', '0A'),
      line('020014AC', '1F92', '01'),
      line('00000000000000000000000000000000', '1538', '0A'),
      line('00000000000000000000000001000000', '1539', '0A'),
      line('0000000000000000FFFF00000100007F', '153A', '0A'),
    ].join('\n');
    expect(parseListening(table)).to.deep.equal([0x1538, 8080]);
  });

  it('allows both ends of a link, replicas each other, the host to who publishes a port, and nothing else', () => {
    const ports = new Map(
      topology.services.map(({ name, port }) => [name, port === undefined ? [] : [port]]),
    );
    expect(allowed(topology, ports)).to.deep.equal([
      'database → product-api:8080',
      'edge → host',
      'edge → product-api:8080',
      'edge → storefront:8080',
      'gateway → product-api:8080',
      'gateway → storefront:8080',
      'product-api → database:5432',
      'product-api → edge:8080',
      'product-api → gateway:8080',
      'product-api → product-api:8080',
      'storefront → edge:8080',
      'storefront → gateway:8080',
      'storefront → storefront:8080',
    ]);
  });

  it('believes no answer from afar where an address that nobody has answers as well', () => {
    const target = (to: string, port: number, shared?: boolean) => ({
      to,
      address: '',
      port,
      ...(shared !== undefined && { shared }),
    });
    const [near, far, host] = [
      target('gateway', 8080, true),
      target('storefront', 8080, false),
      target('host', 9),
    ];
    expect(meant([near, far, host])).to.deep.equal([near, far, host]);
    expect(meant([near, far, host, target('nowhere', 9464)])).to.deep.equal([near, far, host]);
    expect(meant([near, far, host, target('nowhere', 8080)])).to.deep.equal([near, host]);
  });

  it('tells what is reached and not allowed, and the other way round', () => {
    expect(differences(['a → b:1', 'a → outside'], ['a → b:1', 'b → c:2'])).to.deep.equal([
      'a → outside: no link allows it',
      'b → c:2: a link, and not reachable',
    ]);
  });
});
