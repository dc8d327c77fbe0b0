import { expect } from 'chai';
import { nodeProblems, roomOf, wayOutProblem, type SwarmNode } from '../../../engine/swarm/nodes.ts';
import { nodeLabels } from '../../../stacks/labels.ts';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings } from '../../../stacks/settings.ts';

const swarm = { engine: 'swarm', bindAddress: '0.0.0.0', registry: 'registry.example.com' };
const topology = productTopology(parseSettings('prod', swarm));
const managed = productTopology(
  parseSettings('prod', {
    ...swarm,
    databaseUrl: 'postgres://me:hunter2@db.example.com/shop?sslmode=verify-full',
  }),
);

function node(
  name: string,
  labels: string[] = [],
  more: { cpus?: number; state?: string; open?: boolean } = {},
): SwarmNode {
  const { cpus = 4, state = 'ready', open = true } = more;
  return {
    ID: name,
    Spec: {
      Availability: open ? 'active' : 'drain',
      Labels: Object.fromEntries(labels.map((label) => [label, 'true'])),
    },
    Description: { Hostname: name, Resources: { NanoCPUs: cpus * 1e9, MemoryBytes: 4096 * 2 ** 20 } },
    Status: { State: state, Addr: '10.0.0.1' },
  };
}

const { data, edge } = nodeLabels;
const cases: [string, SwarmNode[], string[]][] = [
  ['one that does all', [node('n1', [data, edge])], []],
  ['three', [node('n1', [edge]), node('n2', [data]), node('n3', [edge])], []],
  [
    'no labels',
    [node('n1')],
    [
      'prod: no node has the label product-stack.data=true, so nothing would keep the data. Run: docker node update --label-add product-stack.data=true NODE',
      'prod: no node has the label product-stack.edge=true, so nothing would take requests. Run: docker node update --label-add product-stack.edge=true NODE',
    ],
  ],
  [
    'two for the data',
    [node('n1', [data, edge]), node('n2', [data])],
    [
      'prod: n1 and n2 have the label product-stack.data=true, and the data is on one of them. Run: docker node update --label-rm product-stack.data n2',
    ],
  ],
  [
    'a small one, as no task is on two',
    [node('n1', [data, edge], { cpus: 1 }), node('n2', [], { cpus: 1 })],
    ['prod: database wants 2 CPUs, the engine has 1. Run: pulumi config set databaseCpus 1'],
  ],
];

describe('the nodes of a Swarm', () => {
  for (const [name, nodes, expected] of cases)
    it(`with ${name}`, () => expect(nodeProblems(topology, nodes)).to.deep.equal(expected));

  it('need masquerading only where something asks outside', () => {
    expect(wayOutProblem(topology, 'false')).to.deep.equal([]);
    for (const good of ['', 'true']) expect(wayOutProblem(managed, good)).to.deep.equal([]);
    expect(wayOutProblem(managed, 'false')).to.deep.equal([
      'prod: product-api has a way out (its Postgres is managed elsewhere), and docker_gwbridge of the engine leads nowhere, as it was made with com.docker.network.bridge.enable_ip_masquerade=false. ' +
        'On every node run: docker swarm leave; docker network rm docker_gwbridge; and make it anew as docs/swarm.md says for databaseUrl, before it joins again',
    ]);
  });

  it('count when they take tasks', () =>
    expect(
      roomOf([node('n1'), node('n2', [], { state: 'down' }), node('n3', [], { open: false })]),
    ).to.deep.equal({
      memoryMiB: 4096,
      cpus: 4,
    }));
});
