import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { docker, eventually, run, type Ended } from '../support/run.ts';
import type { TestStack } from '../support/test-stack.ts';

/** The commands that a person looks at a running stack with. */
export function operations(stack: TestStack): void {
  const npm = (script: string, ...args: string[]): Promise<Ended> =>
    stack.run('npm', 'run', '-s', script, '--', '--stack', stack.name, ...args);

  it('npm run status shows services, replicas, health, versions, URLs and volumes', async () => {
    const { code, output } = await npm('status');
    expect(code, output).to.equal(0);
    expect(output).to.contain(`${stack.name}: all well   ${stack.url}   ${stack.httpsUrl}`);
    expect(output).to.match(/product-api +3\/3 +healthy +product-api:\w+ +0 /);
    expect(output).to.match(/edge +1\/1 +healthy +nginx:1\.30-alpine +0 /);
    expect(output).to.match(new RegExp(`volume product-stack-${stack.name}-database-data: [\\d.]+MB`));
    const { well } = JSON.parse((await npm('status', '--json')).output) as { well: boolean };
    expect(well).to.equal(true);
  });

  it('npm run logs shows one request on every hop by its id', async () => {
    const answer = await fetch(`${stack.url}/?search=${encodeURIComponent('lamp')}`);
    const id = answer.headers.get('x-request-id')!;
    await new Promise((resolve) => setTimeout(resolve, 1500)); // nginx writes its log once a second
    const { code, output } = await npm('logs', '--no-follow', '--request', id);
    expect(code, output).to.equal(0);
    const hops = output
      .trim()
      .split('\n')
      .map((line) => /^\S+ (\S+?)(-\d+)? /.exec(line)?.[1]);
    expect(new Set(hops)).to.deep.equal(new Set(['edge', 'storefront', 'gateway', 'product-api']));
    expect((await npm('logs', 'teapot')).output).to.contain(
      'there is no service teapot. There are: edge, storefront',
    );
  });

  it('npm run logs follows all replicas until it is ended', async () => {
    const args = ['--import', 'tsx', 'scripts/logs.ts', '--stack', stack.name, '--tail', '0', '--json'];
    const following = spawn('node', args, { cwd: stack.folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    following.stdout.on('data', (text: Buffer) => (said += text.toString()));
    const hops = 4;
    try {
      await eventually(30, 'a new request on all its hops', async () => {
        const id = (await fetch(stack.url)).headers.get('x-request-id')!;
        await new Promise((resolve) => setTimeout(resolve, 1500));
        return said.split('\n').filter((line) => line.includes(id)).length >= hops;
      });
    } finally {
      following.kill('SIGINT');
    }
    const [code] = (await once(following, 'exit')) as [number];
    expect(code).to.equal(0);
  });

  it('npm run doctor finds nothing wrong', async () => {
    const { code, output } = await npm('doctor');
    expect(code, output).to.equal(0);
    expect(output).to.match(/ok +passphrase +opens the secrets/);
    expect(output).to.match(/ok +state +not locked, nothing half done/);
  });

  it('a container that was removed by hand is named, and healed as the doctor says', async () => {
    const [gateway] = await stack.replicas('gateway');
    await docker('rm', '--force', gateway!);
    const status = await npm('status');
    expect(status.code).to.equal(1);
    expect(status.output).to.match(/gateway +0\/1 +none/);
    const { code, output } = await npm('doctor');
    expect(code).to.equal(1);
    expect(output).to.match(
      /no +containers +removed by hand: gateway-1\s+Run: pulumi refresh, then pulumi up/,
    );
    await stack.pulumiOk('refresh', '--yes', '--skip-preview');
    await stack.upOk();
    expect((await fetch(stack.url)).status).to.equal(200);
  });

  it('a wrong passphrase is named', async () => {
    const env = { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'wrong' };
    const { code, output } = await run('npm', ['run', '-s', 'doctor', '--', '--stack', stack.name], {
      cwd: stack.folder,
      env,
    });
    expect(code).to.equal(1);
    expect(output).to.match(/no +passphrase +is not the one of this stack/);
  });
}
