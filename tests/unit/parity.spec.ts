import { expect } from 'chai';
import { composeExport } from '../../compose/export.ts';
import { ProductStack } from '../../stacks/product-stack.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import { readStackFile } from '../../stacks/stack-file.ts';
import type { Topology } from '../../stacks/topology.ts';
import { whereItCounts } from '../support/where-it-counts.ts';
import { record } from './recorder.ts';
import { fromCompose, fromPulumi } from './parity.ts';

async function bothSides(topology: Topology) {
  const registrations = await record(
    () => new ProductStack(topology, { prefix: `product-stack-${topology.stack}`, waitSeconds: 120 }),
  );
  return {
    pulumi: fromPulumi(topology, registrations),
    compose: fromCompose(composeExport(topology).document),
  };
}

const odd: RawConfig = {
  replicas: '1',
  storefrontReplicas: '7',
  bindAddress: '0.0.0.0',
  httpPort: '9999',
  productApiImage: 'team/api:1.2',
  productApiPort: '3000',
  productApiHealthPath: '/up',
  productApiEnv: '{"PRICE":"$5 and $$HOME","EMPTY":""}',
  productApiCpus: '0.25',
  storefrontMemory: '64',
  postgresImage: 'postgres:17-trixie',
};

const backups = { 'backup.schedule': '0 3 * * *' };

describe('the compose export and the Pulumi program say the same', () => {
  const topologies: [string, () => Topology][] = [
    ['staging', () => productTopology(readStackFile('staging'))],
    ['dev', () => productTopology(readStackFile('dev', '1234:1234'))],
    [
      'dev with more replicas',
      () => productTopology(parseSettings('dev', { dev: 'true', devUser: '70000:70000', replicas: '3' })),
    ],
    [
      'with metrics',
      () => productTopology(parseSettings('watched', { metrics: 'true', 'metrics.dockerGroup': '999' })),
    ],
    [
      'with a bucket for backups',
      () => productTopology(parseSettings('copied', whereItCounts('backup.s3.ca'))),
    ],
    [
      'with backups in a folder of the host',
      () => productTopology(parseSettings('unit', { ...backups, 'backup.folder': '/srv/backups' })),
    ],
    ['an odd configuration', () => productTopology(parseSettings('odd', odd))],
    [
      'fifty replicas',
      () => productTopology(parseSettings('many', { replicas: '50', databaseMaxConnections: '800' })),
    ],
  ];
  for (const [name, make] of topologies) {
    it(name, async () => {
      const { pulumi, compose } = await bothSides(make());
      expect(compose).to.deep.equal(pulumi);
    });
  }

  it('sees a difference in any field', async () => {
    const topology = productTopology(readStackFile('staging'));
    const { pulumi } = await bothSides(topology);
    const changes: Partial<Topology['services'][number]>[] = [
      { replicas: 9 },
      { user: '1:1' },
      { memoryMiB: 33 },
      { cpus: 0.5 },
      { command: ['x'] },
      { tmpfs: {} },
      { env: { A: '1' } },
      { stopGraceSeconds: 1 },
      { shmMiB: 1 },
      { publish: [] },
      { secrets: [] },
      { binds: [{ source: 'apps/kit', target: '/x', readOnly: true }] },
      { files: { target: '/x', entries: [] } },
    ];
    for (const change of changes) {
      const [edge, ...others] = topology.services;
      const { document } = composeExport({ ...topology, services: [{ ...edge!, ...change }, ...others] });
      expect(fromCompose(document), JSON.stringify(change)).not.to.deep.equal(pulumi);
    }
  });

  it('refuses what compose cannot say', () => {
    const topology = productTopology(readStackFile('staging'));
    const services = topology.services.map((service) => ({ ...service, gpu: 1 }));
    expect(() => composeExport({ ...topology, services })).to.throw('compose cannot say "gpu" of edge.');
  });
});

describe('the compose export', () => {
  it('is the same every time', () => {
    const render = () => JSON.stringify(composeExport(productTopology(readStackFile('staging'))));
    expect(render()).to.equal(render());
  });

  it('contains no password', () => {
    expect(JSON.stringify(composeExport(productTopology(readStackFile('staging'))))).not.to.match(
      /PASSWORD"?[:=]"?[A-Za-z0-9]{8}/,
    );
  });
});
