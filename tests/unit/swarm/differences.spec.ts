import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { productTopology } from '../../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../../stacks/settings.ts';
import { cannotSay, differences } from '../../../stacks/swarm/differences.ts';

const cases: [string, RawConfig, string[]][] = [
  ['what is open on purpose', { bindAddress: '0.0.0.0' }, []],
  [
    'ports of one address',
    {},
    [
      'unit: edge publishes 8080 on 127.0.0.1 (httpPort), and a Swarm opens ports on every address of a node',
      'unit: edge publishes 8443 on 127.0.0.1 (httpsPort), and a Swarm opens ports on every address of a node',
    ],
  ],
  [
    'the engine’s socket',
    { bindAddress: '0.0.0.0', metrics: 'true', 'metrics.address': '0.0.0.0', 'metrics.dockerGroup': '999' },
    [
      'unit: container-metrics shares /var/run/docker.sock with its host, which the nodes of a Swarm do not have',
    ],
  ],
];

describe('what a Swarm cannot say', () => {
  for (const [name, raw, expected] of cases)
    it(`of ${name}`, () =>
      expect(cannotSay(productTopology(parseSettings('unit', raw)))).to.deep.equal(expected));

  it('of a field that nobody taught it', () => {
    const topology = productTopology(parseSettings('unit', { bindAddress: '0.0.0.0' }));
    const jobs = topology.jobs.map((job) => ({ ...job, colour: 'red' }));
    expect(cannotSay({ ...topology, jobs })).to.deep.equal([
      'unit: a Swarm does not say "colour" of migrate. Teach components/swarm/task-args.ts, or list it in stacks/swarm/differences.ts',
    ]);
  });

  it('of names that are too long', () => {
    const said = (stack: string) =>
      cannotSay(productTopology(parseSettings(stack, { bindAddress: '0.0.0.0' })));
    expect(said('a'.repeat(21))).to.deep.equal([]);
    const long = 'a'.repeat(23);
    expect(said(long)).to.deep.equal([
      `${long}: gateway-files-check would be called product-stack-${long}-gateway-files-check-0000000, and a Swarm's services have names of at most 63 characters: the stack's may have 21. Run: pulumi stack rename NAME`,
    ]);
  });

  it('is all in docs/swarm.md', () => {
    const page = readFileSync('docs/swarm.md', 'utf8');
    for (const { what, instead, checked } of differences)
      expect(page).to.contain(`\n| ${what} | ${instead} | ${checked} |\n`);
  });
});
