import { faultTable } from './support/fault.ts';
import { TestStack } from './support/test-stack.ts';
import { badReleases } from './faults/bad-releases.ts';
import { nginx } from './faults/nginx.ts';
import { plainCompose } from './faults/plain-compose.ts';
import { postgres } from './faults/postgres.ts';
import { releases, scaling } from './faults/releases.ts';
import { allReplicas, replica } from './faults/replicas.ts';

describe('no lost request', function () {
  // Load generator, builds and stack share this machine's cores: when something else takes them for a second, deadlines pass. Such a
  // row is measured once more, and the table shows both.
  this.retries(1);
  const stack = new TestStack('faults');
  before(async () => {
    await stack.init({ catalogueSize: '500', waitSeconds: '90' });
    await stack.upOk();
  });
  after(async () => {
    console.log(`\n${faultTable()}\n`);
    await stack.dispose();
  });

  describe('a release', () => releases(stack));
  describe('a replica', () => replica(stack));
  describe('all replicas', () => allReplicas(stack));
  describe('scaling', () => scaling(stack));
  describe('plain compose behind plain nginx', () => plainCompose(stack));
  describe('a bad release of product-api', () => badReleases(stack));
  describe('nginx', () => nginx(stack));
  describe('Postgres', () => postgres(stack));
});
