import { expect } from 'chai';
import { docker, run } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** `npm run audit` on a good stack, and on one that somebody opened. */
export function audit(stack: TestStack): void {
  const runAudit = () =>
    run('npm', ['run', '-s', 'audit', '--', '--stack', stack.name], { cwd: stack.folder });

  it('finds every container hardened, and exactly the links reachable', async () => {
    const { code, output } = await runAudit();
    expect(code, output).to.equal(0);
    for (const { name } of await stack.containers()) expect(output).to.contain(name);
    expect(output).to.contain('gateway → product-api:8080').and.not.to.contain('→ outside');
    expect(output.match(/→ host/g), 'only edge reaches the host').to.have.length(1);
  });

  it('finds a container that was opened, and a network between strangers', async () => {
    const [database, gateway] = await Promise.all(
      ['database', 'gateway'].map((name) => stack.replicas(name)),
    );
    await docker('network', 'connect', 'bridge', gateway![0]!);
    await docker('network', 'connect', 'bridge', database![0]!);
    try {
      const { code, output } = await runAudit();
      expect(code).to.equal(1);
      expect(output.match(/MISS {2}networks: is on docker0/g)).to.have.length(2);
      expect(output).to.contain('WRONG  gateway → database:5432: no link allows it');
      // Such a network leads outside, so the address that was tried can be reached: the audit sees it when it is so.
      expect(output).to.contain('WRONG  gateway → outside: no link allows it');
      expect(output).to.contain('WRONG  gateway → host: no link allows it');
    } finally {
      for (const [id] of [database!, gateway!]) await docker('network', 'disconnect', 'bridge', id!);
    }
  });
}
