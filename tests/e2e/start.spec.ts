import { expect } from 'chai';
import { TestStack } from './support/test-stack.ts';
import { copyCheckout, removeCheckout } from './support/checkout.ts';
import { run } from './support/run.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

describe('npm start on a clean clone', () => {
  const stack = new TestStack('start');
  const folder = copyCheckout({ packages: false });
  const npm = (...args: string[]) =>
    run('npm', args, { cwd: folder, env: { ...process.env, PULUMI_CONFIG_PASSPHRASE: 'end-to-end' } });
  after(async () => {
    await npm('stop', '--', stack.name);
    await run('docker', ['volume', 'rm', `product-stack-${stack.name}-database-data`]);
    await stack.dispose();
    removeCheckout(folder);
  });

  it('ends with the URL, and the URL answers', async () => {
    writeFileSync(
      join(folder, `Pulumi.${stack.name}.yaml`),
      `config:\n  product-stack:httpPort: "${stack.port}"\n  product-stack:httpsPort: "${stack.httpsPort}"\n`,
    );
    const { code, output, seconds } = await npm('start', '--', stack.name);
    expect(code, output).to.equal(0);
    expect(output).to.match(new RegExp(`${stack.name} is up after \\d+ s:\\s+${stack.url}\\s*$`));
    expect((await fetch(stack.url)).status).to.equal(200);
    console.log(`      npm start on a clean clone, npm packages included: ${seconds.toFixed(1)} s`);
  });

  it('takes seconds the second time', async () => {
    const { code, output, seconds } = await npm('start', '--', stack.name);
    expect(code, output).to.equal(0);
    expect(output)
      .to.match(/\d+ unchanged/)
      .and.not.to.match(/created|replaced/);
    console.log(`      npm start again: ${seconds.toFixed(1)} s`);
  });

  it('keeps the data at npm stop, and deletes it only when told', async () => {
    const volume = `product-stack-${stack.name}-database-data`;
    expect(
      (await npm('run', 'destroy-data', '--', stack.name, '--yes')).code,
      'refused while in use',
    ).to.equal(1);
    expect((await npm('stop', '--', stack.name)).output).to.contain('its data stays');
    expect((await run('docker', ['volume', 'inspect', volume])).code).to.equal(0);
    expect((await npm('run', 'destroy-data', '--', stack.name, '--yes')).code).to.equal(0);
    expect((await run('docker', ['volume', 'inspect', volume])).code).to.equal(1);
  });
});
