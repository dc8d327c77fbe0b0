import { expect } from 'chai';
import { capacityProblems, releaseWarnings } from '../../engine/capacity.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';

const large = { memoryMiB: 16_000, cpus: 4 };
const cases: [string, RawConfig, { memoryMiB: number; cpus: number }, string[]][] = [
  ['all fits', {}, large, []],
  ['exactly enough', {}, { memoryMiB: 2048, cpus: 2 }, []],
  [
    'too many replicas',
    { replicas: '20', productApiMemory: '1000' },
    large,
    [
      'unit: services may use 21280 MiB of memory (product-api 20 × 1000, storefront 2 × 256, database 1 × 512, edge 1 × 128, gateway 1 × 128), the engine has 16000. Run: pulumi config set replicas 14',
    ],
  ],
  [
    'one that is too large by itself',
    { databaseMemory: '20000' },
    large,
    [
      'unit: services may use 21536 MiB of memory (database 1 × 20000, product-api 3 × 256, storefront 2 × 256, edge 1 × 128, gateway 1 × 128), the engine has 16000. Run: pulumi config set databaseMemory 14464',
    ],
  ],
  [
    'a machine that is too small for anything',
    {},
    { memoryMiB: 500, cpus: 2 },
    [
      'unit: services may use 2048 MiB of memory (product-api 3 × 256, storefront 2 × 256, database 1 × 512, edge 1 × 128, gateway 1 × 128), the engine has 500. Take a larger machine',
    ],
  ],
  [
    'one CPU',
    {},
    { memoryMiB: 16_000, cpus: 1 },
    ['unit: database wants 2 CPUs, the engine has 1. Run: pulumi config set databaseCpus 1'],
  ],
];

describe('what the machine can give', () => {
  for (const [name, raw, machine, expected] of cases) {
    it(name, () =>
      expect(capacityProblems(productTopology(parseSettings('unit', raw)), machine)).to.deep.equal(expected),
    );
  }

  it('warns of a release that needs more for a moment', () => {
    const topology = productTopology(parseSettings('unit', {}));
    expect(releaseWarnings(topology, { memoryMiB: 4000, cpus: 2 })).to.deep.equal([]);
    expect(releaseWarnings(topology, { memoryMiB: 3000, cpus: 2 })).to.deep.equal([
      'unit: a release of product-api runs old and new replicas side by side and may use 3072 MiB of memory, the engine has 3000. Run: pulumi config set productApiMemory LESS',
    ]);
  });
});
