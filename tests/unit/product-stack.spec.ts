import { expect } from 'chai';
import { ProductStack } from '../../stacks/product-stack.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import { record, type Registration } from './recorder.ts';

const container = 'docker:index/container:Container';

function declared(raw: RawConfig = {}): Promise<Registration[]> {
  const topology = productTopology(parseSettings('unit', raw));
  return record(() => new ProductStack(topology, { prefix: 'product-stack-unit', waitSeconds: 120 }));
}

function containers(registrations: Registration[]): Registration[] {
  return registrations.filter(({ type }) => type === container);
}

describe('ProductStack', () => {
  let all: Registration[];
  before(async () => {
    all = await declared();
  });

  it('declares as many replicas as the settings say', async () => {
    const names = containers(await declared({ replicas: '5' })).map(({ name }) => name);
    expect(names.filter((name) => /^product-api-\d+$/.test(name))).to.have.length(5);
    expect(names.filter((name) => /^storefront-\d+$/.test(name))).to.have.length(2);
  });

  it('makes one internal network for each link, and one that only edge is on', () => {
    const networks = all.filter(({ type }) => type === 'docker:index/network:Network');
    expect(networks.map(({ name, inputs }) => [name, inputs['internal']])).to.have.deep.members([
      ['edge-storefront', true],
      ['edge-product-api', true],
      ['storefront-gateway', true],
      ['gateway-product-api', true],
      ['product-api-database', true],
      ['migrate-database', true],
      ['edge-ingress', false],
    ]);
  });

  it('publishes edge and nothing else, on the loopback address', () => {
    const publishing = containers(all).filter(
      ({ inputs }) => (inputs['ports'] as unknown[] | undefined)?.length,
    );
    expect(publishing.map(({ name, inputs }) => [name, inputs['ports']])).to.deep.equal([
      [
        'edge-1',
        [
          { internal: 8080, external: 8080, ip: '127.0.0.1', protocol: 'tcp' },
          { internal: 8443, external: 8443, ip: '127.0.0.1', protocol: 'tcp' },
        ],
      ],
    ]);
  });

  it('hardens every container', () => {
    for (const { name, inputs } of containers(all)) {
      expect(inputs['capabilities'], name).to.deep.equal({ drops: ['ALL'] });
      expect(inputs['securityOpts'], name).to.deep.equal(['no-new-privileges:true']);
      const loads = name.endsWith('-loader');
      const carries = loads && inputs['start'] === false;
      // Who writes into a volume must be its owner, root: for a moment, without capabilities or network.
      if (loads && !carries) expect([inputs['user'], inputs['networkMode']]).to.deep.equal(['0:0', 'none']);
      else expect(inputs['user'], name).to.match(/^[1-9]\d*:[1-9]\d*$/);
      expect(inputs['memory'], name).to.equal(inputs['memorySwap']);
      expect(inputs['logOpts'], name).to.have.property('max-size');
      expect(inputs['readOnly'] === true || carries, name).to.equal(true);
    }
  });

  it('writes many files with one command, and carries few', () => {
    const loaders = containers(all).filter(({ name }) => name.endsWith('-files-loader'));
    const carried = loaders.map(({ name, inputs }) => [
      name,
      (inputs['uploads'] as unknown[] | undefined)?.length,
    ]);
    expect(Object.fromEntries(carried)).to.deep.equal({
      'edge-files-loader': undefined,
      'gateway-files-loader': undefined,
      'database-files-loader': 3,
    });
  });

  it('restarts replicas at most five times and everything else never', () => {
    for (const { name, inputs } of containers(all)) {
      const replica = /-\d+$/.test(name);
      expect([inputs['restart'], inputs['maxRetryCount']], name).to.deep.equal(
        replica ? ['on-failure', 5] : ['no', undefined],
      );
    }
  });

  it('puts no password into the environment or the command of a container', () => {
    for (const { name, inputs } of containers(all)) {
      expect(JSON.stringify([inputs['envs'], inputs['command']]), name).not.to.contain('secret-of-');
    }
  });

  it('gives each service only its own secrets', () => {
    const secrets = Object.fromEntries(
      containers(all)
        .filter(({ name }) => name.endsWith('-secrets-loader'))
        .map(({ name, inputs }) => [name, JSON.stringify(inputs['uploads']).match(/secret-of-[a-z-]+/g)]),
    );
    expect(secrets).to.deep.equal({
      'database-secrets-loader': [
        'secret-of-database-app-password-odd',
        'secret-of-database-owner-password',
        'secret-of-database-superuser-password',
      ],
      'migrate-secrets-loader': ['secret-of-database-owner-password'],
      'edge-secrets-loader': ['secret-of-edge-key'],
      'product-api-secrets-loader': [
        'secret-of-database-app-password-odd',
        'secret-of-database-app-password-even',
      ],
    });
  });

  it('gives a candidate no name that others could call', () => {
    const candidate = containers(all).find(({ name }) => name === 'product-api-candidate')!;
    expect(candidate.inputs['networksAdvanced']).to.deep.equal([
      { name: 'product-stack-unit-product-api-database', aliases: [] },
    ]);
  });
});
