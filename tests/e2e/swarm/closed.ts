import { expect } from 'chai';
import { guardedCommand } from '../../../components/swarm/privilege-guard.ts';
import { labelKeys } from '../../../stacks/labels.ts';
import { docker, run } from '../support/run.ts';
import type { SwarmBed } from '../support/swarm-bed.ts';
import type { SwarmTestStack } from './swarm-test-stack.ts';

/** That nothing was lost of what holds on one engine. */
export function closed(bed: SwarmBed, target: () => SwarmTestStack): void {
  it('has every task hardened on every node, and exactly the links reachable', async () => {
    const nodes = bed.nodes.flatMap(({ engine }) => ['--node', engine.host]);
    const { stack } = target();
    const { code, output } = await stack.run(
      'npm',
      'run',
      '-s',
      'audit',
      '--',
      '--stack',
      stack.name,
      ...nodes,
    );
    expect(code, output).to.equal(0);
    for (const { service } of await target().tasks()) expect(output).to.contain(`-${service}`);
    expect(output).to.contain('gateway → product-api:8080').and.not.to.contain('→ outside');
    expect(output.match(/→ host/g), 'only edge reaches its host').to.have.length(1);
  });

  it('is not called closed by an audit that saw one node of three', async () => {
    const { stack } = target();
    const { code, output } = await stack.run('npm', 'run', '-s', 'audit', '--', '--stack', stack.name);
    expect(code).to.equal(1);
    expect(output).to.contain('1 of 3 nodes').and.to.contain('--node');
  });

  it('lets no container onto a link', async () => {
    const network = `product-stack-${target().stack.name}-product-api-database-plain`;
    const joining = bed.docker('run', '--rm', '--network', network, 'nginx:1.30-alpine', 'true');
    const said = await joining.then(() => 'it joined', String);
    expect(said).to.contain('not manually attachable');
  });

  it('shows no password in any service or config', async () => {
    const { engine } = bed.nodes[1]!;
    const [id] = (
      await engine.docker('ps', '--quiet', '--filter', `label=${labelKeys.service}=database`)
    ).split('\n');
    const password = await engine.docker('exec', id!, 'cat', '/run/secrets/database-app-password');
    const of = (kind: string) =>
      bed.docker(kind, 'ls', '--quiet').then((ids) => bed.docker(kind, 'inspect', ...ids.split('\n')));
    const shown = (await Promise.all(['service', 'config', 'secret'].map(of))).join();
    expect(password).to.match(/^\w{32}$/);
    for (const form of [password, Buffer.from(password).toString('base64')])
      expect(shown).not.to.contain(form);
  });

  it('restarts a task at most five times in ten minutes', async () => {
    const ids = await bed.docker('service', 'ls', '--quiet', '--filter', `label=${labelKeys.role}=replica`);
    const format =
      '{{with .Spec.TaskTemplate.RestartPolicy}}{{.Condition}} {{.MaxAttempts}} {{.Window}}{{end}}';
    const policies = await bed.docker('service', 'inspect', '--format', format, ...ids.split('\n'));
    expect(new Set(policies.split('\n'))).to.deep.equal(new Set(['on-failure 5 10m0s']));
  });

  it('begins no task where an engine lets processes gain privileges', async () => {
    const ask = (...flags: string[]) =>
      run('docker', [
        'run',
        '--rm',
        '--user',
        '101:101',
        ...flags,
        'nginx:1.30-alpine',
        ...guardedCommand(['echo', 'begun']),
      ]);
    expect(await ask('--security-opt', 'no-new-privileges')).to.include({ code: 0, output: 'begun\n' });
    const refused = await ask();
    expect(refused.code).to.equal(1);
    expect(refused.output).to.contain('set no-new-privileges in its daemon.json').and.not.to.contain('begun');
    expect(await docker('info', '--format', '{{.SecurityOptions}}'), 'the outer engine').not.to.contain(
      'no-new',
    );
  });
}
