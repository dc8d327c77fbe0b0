import { expect } from 'chai';
import type { DockerCli } from '../../engine/docker-cli.ts';
import { FirstReleases, unservedServices, type Subject } from '../../engine/first-release.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import type { Role } from '../../stacks/labels.ts';

type Failed = [service: string, role: Role];

describe('a first release', () => {
  const started = ['start'];
  const proven = ['start', 'health_status: healthy'];
  const cases: [who: string, failed: Failed, candidate: string[], held: boolean, refuses: boolean][] = [
    ['the candidate of a service without replicas', ['shop', 'candidate'], started, false, true],
    ['a replica beside it', ['shop', 'replica'], started, true, false],
    ['a replica whose candidate is well', ['shop', 'replica'], proven, false, false],
    ['a replica whose candidate is that of an earlier up', ['shop', 'replica'], [], false, false],
    ['the candidate of a service with replicas', ['api', 'candidate'], started, false, false],
    ['a replica of a service with replicas', ['api', 'replica'], started, false, false],
    ['a job', ['migrate', 'job'], [], false, false],
  ];
  for (const [who, [service, role], candidate, held, refuses] of cases) {
    it(`${who} that fails ${held ? 'waits for it' : 'is told'} and ${refuses ? 'takes' : 'leaves'} replicas`, () => {
      const releases = new FirstReleases(new Set(['shop', 'migrate']));
      for (const action of candidate) releases.see(action, { service, role: 'candidate' });
      releases.see('start', { service, role: 'replica' });
      expect(releases.holds({ service, role })).to.equal(held);
      expect(releases.refuses({ service, role })).to.equal(refuses);
      expect(releases.isRefused({ service, role: 'replica' }), 'one that comes later').to.equal(refuses);
    });
  }

  it('tells what failed in a replica alone when its candidate is well', () => {
    const releases = new FirstReleases<Subject & { why: string }>(new Set(['shop']));
    const failure = { service: 'shop', role: 'replica' as const, why: 'port taken' };
    const candidate = { service: 'shop', role: 'candidate' as const };
    releases.see('start', candidate);
    releases.holds(failure);
    expect(releases.see('health_status: healthy', { ...candidate, service: 'api' })).to.deep.equal([]);
    expect(releases.see('health_status: healthy', candidate)).to.deep.equal([failure]);
    expect(releases.see('health_status: healthy', candidate)).to.deep.equal([]);
  });

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
