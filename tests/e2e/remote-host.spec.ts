import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { copyCheckout, removeCheckout } from './support/checkout.ts';
import { eventually, type Ended } from './support/run.ts';
import { LoopbackSshd } from './support/sshd.ts';
import { TestStack } from './support/test-stack.ts';

/** A team's stack: the state in a folder that everybody reaches, the engine on another machine. */
describe('shared state and a remote host', () => {
  const state = mkdtempSync(join(tmpdir(), 'product-stack-state-'));
  const sshd = new LoopbackSshd();
  const env = { PULUMI_BACKEND_URL: `file://${state}`, PATH: sshd.path };
  const stack = new TestStack('remote', env);
  const colleague = copyCheckout({ packages: true });

  before(async () => {
    await sshd.start();
    await stack.init({
      replicas: '1',
      storefrontReplicas: '1',
      productApiEnv: '{"API_TOKEN":"hunter2"}',
      hosts: 'shop.example',
      redirectHttp: 'true',
    });
    await stack.pulumiOk('config', 'set', 'docker:host', sshd.url);
    cpSync(join(stack.folder, `Pulumi.${stack.name}.yaml`), join(colleague, `Pulumi.${stack.name}.yaml`));
  });
  after(async () => {
    await stack.dispose();
    sshd.stop();
    removeCheckout(colleague);
    rmSync(state, { recursive: true, force: true });
  });

  const isLocked = () => {
    const folder = join(state, '.pulumi/locks');
    return (
      existsSync(folder) &&
      readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.json'))
    );
  };
  const script = (name: string, ...args: string[]): Promise<Ended> =>
    stack.run('node', '--import', 'tsx', `scripts/${name}.ts`, '--stack', stack.name, ...args);

  it('comes up over ssh, images built there; a second up meanwhile is told who is at work', async () => {
    const first = stack.up();
    await eventually(20, 'the first up has the lock', async () => isLocked());
    const second = await stack.pulumi('up', '--yes', '--skip-preview', '--cwd', colleague);
    expect(second.code).not.to.equal(0);
    expect(second.output).to.match(/the stack is currently locked by 1 lock\(s\).*`pulumi cancel`/);
    expect(second.output).to.match(/created by \S+ \(pid \d+\)/);
    const { code, output } = await first;
    expect(code, output).to.equal(0);
    expect((await fetch(stack.url)).status, 'a name that edge does not answer to').to.equal(421);
    expect(existsSync(join(stack.folder, '.state/.pulumi')), 'state in the checkout').to.equal(false);
  });

  it('passes the smoke test, asked through ssh by a name and https', async () => {
    const { code, output } = await script('smoke');
    expect(code, output).to.equal(0);
    expect(output).to.match(
      /^\/ is right .*\n\/api\/products\?limit=1 is right .*\n\/api\/openapi.json is right/,
    );
  });

  it('previews what a colleague changed, dangerous things first, and no secret', async () => {
    await stack.configure({
      replicas: '2',
      bindAddress: '0.0.0.0',
      productApiEnv: '{"API_TOKEN":"hunter3"}',
    });
    const { code, output } = await script('preview', '--markdown');
    expect(code, output).to.equal(0);
    const rows = output.split('\n').filter((line) => /^\| .* (created|replaced|deleted) /.test(line));
    expect(rows[0]).to.contain(
      `| edge | replaced | port 127.0.0.1:${stack.port}, 127.0.0.1:${stack.httpsPort} → 0.0.0.0:${stack.port}, `,
    );
    expect(rows.slice(1)).to.deep.equal([
      '|  | product-api | replaced | environment: API\\_TOKEN |',
      '|  | product-api | created | replicas 1 → 2 |',
    ]);
    expect(output).not.to.match(/hunter/);
  });

  it('is usable again after a run that was killed, with pulumi cancel', async () => {
    const killed = spawn('pulumi', ['up', '--yes', '--skip-preview', '--stack', stack.name], {
      cwd: stack.folder,
      env: { ...process.env, ...env, PULUMI_CONFIG_PASSPHRASE: 'end-to-end' },
      stdio: 'ignore',
    });
    await eventually(20, 'it has the lock', async () => isLocked());
    killed.kill('SIGKILL');
    const { code, output } = await stack.pulumi('destroy', '--yes', '--skip-preview');
    expect(code).not.to.equal(0);
    expect(output).to.contain('the stack is currently locked by 1 lock(s)');
    await stack.pulumiOk('cancel', '--yes');
    await stack.pulumiOk('destroy', '--yes', '--skip-preview');
    expect(await stack.leftovers()).to.deep.equal([]);
  });
});
