import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { checkoutProblems } from '../../engine/checkout.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings } from '../../stacks/settings.ts';
import type { Topology } from '../../stacks/topology.ts';

describe('the checkout that dev shares with its containers', () => {
  const folder = relative('.', join(mkdtempSync(join(tmpdir(), 'product-stack-')), 'kit'));
  mkdirSync(folder);
  const { uid, gid } = statSync(folder);
  const others = `${uid + 1}:${gid + 1}`;
  after(() => rmSync(join(folder, '..'), { recursive: true }));

  /** What is said of a stack whose product-api runs as `user` and shares `folder`. */
  function problems(user: string, mode: number, { readOnly = false, source = folder } = {}): string[] {
    const dev = productTopology(parseSettings('dev', { dev: 'true' }, '1000:1000'));
    const [service] = dev.services.filter(({ name }) => name === 'product-api');
    const binds = [{ source, target: '/app/kit', readOnly }];
    chmodSync(folder, mode);
    const topology: Topology = { ...dev, services: [{ ...service!, user, binds }] };
    return checkoutProblems(topology, true);
  }

  const said = (mode: string, user: string) =>
    `dev: ${folder} belongs to ${uid}:${gid} with mode ${mode}, and dev would use it as ${user}. `;
  const own = `${uid}:${gid}`;
  const cases: [string, () => string[], string[]][] = [
    ['one’s own', () => problems(own, 0o755), []],
    ['one’s own, closed to others', () => problems(own, 0o700), []],
    [
      'one’s own, read-only',
      () => problems(own, 0o555),
      [`${said('555', own)}Run: chmod -R u+rwX ${folder}`],
    ],
    ['another’s', () => problems(others, 0o755), [`${said('755', others)}Use a checkout of your own`]],
    ['another’s, open to the group', () => problems(`${uid + 1}:${gid}`, 0o775), []],
    [
      'another’s, open to the group of others',
      () => problems(others, 0o770),
      [`${said('770', others)}Use a checkout of your own`],
    ],
    ['another’s, open to all', () => problems(others, 0o777), []],
    ['another’s, only to be read', () => problems(others, 0o755, { readOnly: true }), []],
    [
      'missing',
      () => problems(own, 0o755, { source: 'no/such' }),
      ['dev: there is no folder no/such. Run: git checkout -- no/such'],
    ],
  ];
  for (const [name, ask, expected] of cases) it(name, () => expect(ask()).to.deep.equal(expected));

  it('must be on the engine’s host', () => {
    const dev = productTopology(parseSettings('dev', { dev: 'true' }, '1000:1000'));
    expect(checkoutProblems(dev, false)).to.deep.equal([
      'dev: dev shares this checkout with its containers, so its engine must be on this host',
    ]);
  });

  it('is nothing that staging asks for', () =>
    expect(checkoutProblems(productTopology(parseSettings('staging', {})), false)).to.deep.equal([]));
});
