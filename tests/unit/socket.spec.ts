import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutProblems } from '../../engine/checkout.ts';
import { socketProblems } from '../../engine/socket.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import type { Topology } from '../../stacks/topology.ts';

describe("the engine's socket", () => {
  const folder = mkdtempSync(join(tmpdir(), 'socket-'));
  const socket = join(folder, 'docker.sock');
  writeFileSync(socket, '');
  const { gid } = statSync(socket);
  after(() => rmSync(folder, { recursive: true }));

  function topology(group: number, source = socket): Topology {
    const product = productTopology(parseSettings('unit', { metrics: 'true', 'metrics.dockerGroup': '7' }));
    const [reader] = product.services.filter(({ name }) => name === 'container-metrics');
    const binds = [{ source, target: '/var/run/docker.sock', readOnly: true }];
    return { ...product, services: [{ ...reader!, user: `65534:${group}`, binds }] };
  }

  const none = join(folder, 'none/docker.sock');
  const mend = gid === 0 ? 'rm metrics.dockerGroup' : `set metrics.dockerGroup ${gid}`;
  const cases: [string, Topology, boolean, string[]][] = [
    ['of that group', topology(gid), true, []],
    [
      'of another group',
      topology(gid + 1),
      true,
      [
        `unit: metrics.dockerGroup is ${gid + 1}, and ${socket} belongs to group ${gid}. Run: pulumi config ${mend}`,
      ],
    ],
    [
      'missing',
      topology(7, none),
      true,
      [`unit: there is no ${none} here. Run: pulumi config rm metrics.dockerGroup`],
    ],
    ['on another machine', topology(7, none), false, []],
  ];
  for (const [name, stack, local, problems] of cases)
    it(name, () => expect(socketProblems(stack, local)).to.deep.equal(problems));

  it('is no folder of the checkout', () => {
    expect(checkoutProblems(topology(gid), false)).to.deep.equal([]);
  });
});
