import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    expect(output.match(/\S+ → host/g)).to.deep.equal(['edge → host', 'metrics → host']);
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

  it('shows none of its secrets in any service, config or secret, nor in the state', async () => {
    const secrets = await secretsOf(bed, target().stack.name);
    expect([...secrets.keys()]).to.include.members([
      'database-app-password',
      'edge-key',
      'metrics-admin-key',
    ]);
    const of = (kind: string) =>
      bed.docker(kind, 'ls', '--quiet').then((ids) => bed.docker(kind, 'inspect', ...ids.split('\n')));
    const shown = (await Promise.all(['service', 'config', 'secret'].map(of))).join();
    const { folder, name } = target().stack;
    const state = readFileSync(join(folder, `.state/.pulumi/stacks/product-stack/${name}.json`), 'utf8');
    expect(state).to.contain('product-api');
    for (const [file, content] of secrets) {
      expect(content.length, file).to.be.at.least(32);
      for (const form of [content, Buffer.from(content).toString('base64')])
        for (const text of [shown, state]) expect(text.includes(form), file).to.equal(false);
    }
  });

  it('lets nothing be run from where a task may write, and no more be written than declared', async () => {
    const mounts = (await target().exec('database', 'cat', '/proc/mounts')).split('\n');
    for (const [path, mebibytes] of Object.entries({ '/tmp': 16, '/run/postgresql': 1, '/dev/shm': 128 })) {
      const [, , kind, options] = mounts.findLast((line) => line.split(' ')[1] === path)!.split(' ');
      expect(kind, path).to.equal('tmpfs');
      const all = ['rw', 'noexec', 'nosuid', 'nodev', `size=${mebibytes * 1024}k`];
      expect(options!.split(','), path).to.include.members(all);
    }
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

/** What every container of the stack has as a secret, by file; of a key the part that no two keys share. Certificates are for everybody. */
async function secretsOf({ nodes }: SwarmBed, stack: string): Promise<Map<string, string>> {
  const read =
    'cd /run/secrets 2>/dev/null || exit 0; for file in *; do echo "$file $(tr -d "\\n" <"$file")"; done';
  const filter = ['--filter', `label=${labelKeys.stack}=${stack}`];
  const ofNode = async ({ engine }: SwarmBed['manager']) => {
    const ids = (await engine.docker('ps', '--quiet', ...filter)).split('\n').filter(Boolean);
    return Promise.all(ids.map((id) => engine.docker('exec', id, 'sh', '-c', read)));
  };
  const lines = (await Promise.all(nodes.map(ofNode))).flat().join('\n').split('\n').filter(Boolean);
  const pairs = lines.map((line) => [line.split(' ')[0]!, line.slice(line.indexOf(' ') + 1)] as const);
  return new Map(
    pairs
      .filter(([file]) => !file.endsWith('-certificate'))
      .map(([file, text]) => [file, text.replace(/-+[A-Z ]+-+/g, '').slice(0, 60)] as const),
  );
}
