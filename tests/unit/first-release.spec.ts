import { expect } from 'chai';
import type { DockerCli } from '../../engine/docker-cli.ts';
import { FirstReleases, unservedServices } from '../../engine/first-release.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import type { Role } from '../../stacks/labels.ts';

describe('a first release', () => {
  const proven = ['start', 'health_status: healthy'];
  const cases: [string, service: string, role: Role, candidate: string[], told: boolean, takes: boolean][] = [
    ['the candidate of a service without replicas', 'shop', 'candidate', ['start'], true, true],
    ['a replica beside it', 'shop', 'replica', ['start'], false, false],
    ['a replica whose candidate is well', 'shop', 'replica', proven, true, false],
    ['a replica whose candidate is that of an earlier up', 'shop', 'replica', [], true, false],
    ['the candidate of a service with replicas', 'api', 'candidate', ['start'], true, false],
    ['a replica of a service with replicas', 'api', 'replica', ['start'], true, false],
    ['a job', 'migrate', 'job', [], true, false],
  ];
  for (const [who, service, role, candidate, told, takes] of cases) {
    it(`${who} that fails ${told ? 'is told' : 'is not told'} and ${takes ? 'takes' : 'leaves'} replicas`, () => {
      const releases = new FirstReleases(new Set(['shop', 'migrate']));
      for (const action of candidate) releases.see(action, { service, role: 'candidate' });
      releases.see('start', { service, role: 'replica' });
      releases.see('health_status: healthy', { service, role: 'replica' });
      expect(releases.isToldOfCandidate({ service, role })).to.equal(!told);
      expect(releases.takesReplicas({ service, role })).to.equal(takes);
    });
  }

  it('is of the services that have no replica, running or not', async () => {
    const asked: string[][] = [];
    const lines = (...args: string[]) => {
      asked.push(args);
      return Promise.resolve(['edge', 'storefront', 'storefront']);
    };
    const topology = productTopology(parseSettings('unit', {}));
    const unserved = await unservedServices(topology, { lines } as unknown as DockerCli);
    expect([...unserved]).to.have.members(['gateway', 'product-api', 'database']);
    expect(asked).to.deep.equal([
      [
        ...['ps', '--all', '--filter', 'label=product-stack.stack=unit'],
        ...['--filter', 'label=product-stack.role=replica', '--format', '{{.Label "product-stack.service"}}'],
      ],
    ]);
  });
});
