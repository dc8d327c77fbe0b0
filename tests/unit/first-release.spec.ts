import { expect } from 'chai';
import type { DockerCli } from '../../engine/docker-cli.ts';
import { FirstReleases, unservedServices, type Subject } from '../../engine/first-release.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import type { Role } from '../../stacks/labels.ts';

type Failed = [service: string, role: Role];

const jobs = [
  { name: 'migrate', after: ['database'], patient: true },
  { name: 'report', after: ['database'] },
  { name: 'sweep', after: ['database', 'api'], patient: true },
];

function releases<Failure extends Subject>(): FirstReleases<Failure> {
  return new FirstReleases(new Set(['shop', 'database']), jobs);
}

describe('a first release', () => {
  const started = ['start'];
  const proven = ['start', 'health_status: healthy'];
  const cases: [who: string, failed: Failed, candidate: string[], held: boolean, refused: string[]][] = [
    ['the candidate of a service without replicas', ['shop', 'candidate'], started, false, ['shop']],
    ['a replica beside it', ['shop', 'replica'], started, true, []],
    ['a replica whose candidate is well', ['shop', 'replica'], proven, false, []],
    ['a replica whose candidate is that of an earlier up', ['shop', 'replica'], [], false, []],
    ['the candidate of a service with replicas', ['api', 'candidate'], started, false, []],
    ['a replica of a service with replicas', ['api', 'replica'], started, false, []],
    ['a job', ['migrate', 'job'], [], false, []],
    ['a service with a job beside it', ['database', 'replica'], [], false, ['migrate']],
    ['what prepares that service', ['database', 'loader'], [], false, ['migrate']],
  ];
  for (const [who, [service, role], candidate, held, refused] of cases) {
    it(`${who} that fails ${held ? 'waits for it' : 'is told'} and takes ${refused.join() || 'nothing'} along`, () => {
      const first = releases();
      for (const action of candidate) first.see(action, { service, role: 'candidate' });
      first.see('start', { service, role: 'replica' });
      expect(first.holds({ service, role })).to.equal(held);
      expect(first.refuse({ service, role })).to.deep.equal(refused);
      for (const name of ['shop', 'api', 'database', 'migrate', 'report', 'sweep'])
        for (const later of ['replica', 'candidate', 'job'] as const)
          expect(first.isRefused({ service: name, role: later }), name).to.equal(refused.includes(name));
      expect(first.isRefused({ service: 'shop', role: 'loader' }), 'what prepares it').to.equal(false);
    });
  }

  it('tells what failed in a replica alone when its candidate is well', () => {
    const first = releases<Subject & { why: string }>();
    const failure = { service: 'shop', role: 'replica' as const, why: 'port taken' };
    const candidate = { service: 'shop', role: 'candidate' as const };
    first.see('start', candidate);
    first.holds(failure);
    expect(first.see('health_status: healthy', { ...candidate, service: 'api' })).to.deep.equal([]);
    expect(first.see('health_status: healthy', candidate)).to.deep.equal([failure]);
    expect(first.see('health_status: healthy', candidate)).to.deep.equal([]);
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
