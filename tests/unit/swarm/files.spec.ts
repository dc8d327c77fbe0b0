import { expect } from 'chai';
import { unfitFiles } from '../../../components/swarm/swarm-files.ts';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings } from '../../../stacks/settings.ts';
import type { Topology } from '../../../stacks/topology.ts';

const all = { metrics: 'true', 'backup.schedule': '0 3 * * *', 'backup.pointInTime': 'true' };
const topology = productTopology(parseSettings('prod', all));

/** The same with one file more, or a certificate of that size. */
function withFile(size: number): Topology {
  const entries = [{ path: 'long.txt', content: 'ä'.repeat(size / 2) }];
  const jobs = topology.jobs.map((job) => ({ ...job, files: { target: '/etc/long', entries } }));
  return { ...topology, jobs };
}

function withCertificate(size: number): Topology {
  const own = { certificate: 'a'.repeat(size), key: 'b' };
  return { ...topology, certificates: topology.certificates.map((one) => ({ ...one, own })) };
}

const cases: [what: string, topology: Topology, problems: string[]][] = [
  ['those of every setting', topology, []],
  ['a long one that just fits', withFile(1_023_998), []],
  [
    'one that is too long',
    withFile(1_024_000),
    ['prod: long.txt of migrate has 1024000 bytes, and a config of a Swarm has 1 to 1023999. Make it fit'],
  ],
  [
    'an empty one',
    withFile(0),
    ['prod: long.txt of migrate has 0 bytes, and a config of a Swarm has 1 to 1023999. Make it fit'],
  ],
  ['a long certificate that just fits', withCertificate(511_999), []],
  [
    'a certificate that is too long',
    withCertificate(512_000),
    ['prod: the certificate of edge has 512000 bytes, and a secret of a Swarm has 1 to 511999. Make it fit'],
  ],
];

describe('files for a Swarm', () => {
  for (const [what, given, problems] of cases)
    it(`with ${what}`, () => expect(unfitFiles(given)).to.deep.equal(problems));
});
