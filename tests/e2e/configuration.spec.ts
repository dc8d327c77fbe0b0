import { join } from 'node:path';
import http from 'node:http';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { run } from './support/run.ts';
import { TestStack } from './support/test-stack.ts';

describe('wrong configuration', () => {
  const stack = new TestStack('config');
  let listener: Server | undefined;
  before(() => stack.init());
  after(() => stack.dispose());
  afterEach(() => listener?.close());

  it('tells all problems at once and touches nothing', async () => {
    await stack.configure({
      replicas: 'five',
      storefrontReplicas: '0',
      httpPort: '99999',
      colour: 'red',
      nginxImage: 'Nginx:',
    });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    for (const line of [
      `${stack.name}: replicas must be a whole number from 1 to 50, got "five". Run: pulumi config set replicas 3`,
      `${stack.name}: storefrontReplicas must be a whole number from 1 to 50, got "0"`,
      `${stack.name}: httpPort must be a whole number from 1025 to 65535, got "99999"`,
      `${stack.name}: nginxImage must be an image reference like team/api:1.2, got "Nginx:"`,
      `${stack.name}: colour is not a setting. All of them are in docs/settings.md. Run: pulumi config rm colour`,
    ]) {
      expect(output).to.contain(line);
    }
    expect(output, 'no stack trace').not.to.match(/^\s+at .*\.ts:\d+/m);
    expect(await stack.leftovers()).to.deep.equal([]);
    for (const key of ['replicas', 'storefrontReplicas', 'colour', 'nginxImage'])
      await stack.pulumiOk('config', 'rm', key);
  });

  for (const value of ['-1', '1e9', '51', '']) {
    it(`refuses replicas "${value}"`, async () => {
      await stack.configure({ httpPort: String(stack.port), replicas: value });
      const { code, output } = await stack.pulumi('preview');
      expect(code).not.to.equal(0);
      expect(output).to.contain(`replicas must be a whole number from 1 to 50, got "${value}"`);
      await stack.pulumiOk('config', 'rm', 'replicas');
    });
  }

  it('says before anything is touched what the machine cannot give', async () => {
    await stack.configure({ productApiMemory: '262144', databaseCpus: '64' });
    const { code, output } = await stack.pulumi('preview');
    for (const key of ['productApiMemory', 'databaseCpus']) await stack.pulumiOk('config', 'rm', key);
    expect(code).not.to.equal(0);
    expect(output).to.match(
      /services may use 78\d{4} MiB of memory \(product-api 3 × 262144, .*the engine has \d+\./,
    );
    expect(output).to.match(
      /database wants 64 CPUs, the engine has \d+\. Run: pulumi config set databaseCpus \d+/,
    );
  });

  it('names a taken port before anything is touched', async () => {
    listener = await listen(stack.port);
    await stack.configure({ httpPort: String(stack.port) });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain(
      `${stack.name}: port ${stack.port} on 127.0.0.1 is taken by another process of this host`,
    );
    expect(await stack.leftovers()).to.deep.equal([]);
  });

  it('says what to do when the engine does not answer', async () => {
    await stack.pulumiOk('config', 'set', 'docker:host', 'unix:///nonexistent.sock');
    const { code, output } = await stack.pulumi('preview');
    await stack.pulumiOk('config', 'rm', 'docker:host');
    expect(code).not.to.equal(0);
    expect(output).to.contain('the Docker engine does not answer');
    expect(output).to.contain('pulumi config set docker:host ssh://user@host');
  });

  it('says so when the engine is too old', async () => {
    const old = await oldEngine(join(stack.folder, 'old.sock'));
    await stack.pulumiOk('config', 'set', 'docker:host', `unix://${stack.folder}/old.sock`);
    const { code, output } = await stack.pulumi('preview');
    await stack.pulumiOk('config', 'rm', 'docker:host');
    old.close();
    expect(code).not.to.equal(0);
    expect(output).to.contain(
      'the Docker engine is too old: API 1.40, needed 1.41. Install Docker 20.10 or newer.',
    );
  });

  it('says so when an image cannot be had', async () => {
    await stack.configure({ nginxImage: 'localhost:1/no/such:image' });
    const { code, output } = await stack.up();
    expect(code).not.to.equal(0);
    expect(output).to.contain('localhost:1/no/such:image');
    expect(await stack.containers('replica', 'edge')).to.deep.equal([]);
  });
});

describe('npm run commands', () => {
  // A user who is in no group.
  const asNobody = (env: NodeJS.ProcessEnv) =>
    run('setpriv', ['--reuid=65534', '--regid=65534', '--clear-groups', 'scripts/setup'], { env });

  it('setup without rights on the engine says what to do', async () => {
    const { code, output } = await asNobody({ ...process.env, HOME: '/tmp' });
    expect(code).to.equal(1);
    expect(output.trim()).to.equal(
      'setup: this user may not use Docker. Run: sudo usermod -aG docker nobody, then log in again',
    );
  });

  it('setup without Docker and without the rights to install it says one clear thing', async () => {
    const { code, output } = await asNobody({
      ...process.env,
      DOCKER_HOST: 'unix:///nonexistent.sock',
      HOME: '/tmp',
    });
    expect(code).to.equal(1);
    expect(output.trim()).to.equal(
      'setup: Docker with compose and buildx does not answer, and this user may not install it. Install Docker: https://docs.docker.com/engine/install/',
    );
  });
});

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Answers what `docker version` asks as an engine of 2019 would. */
function oldEngine(socket: string): Promise<http.Server> {
  const version = {
    ApiVersion: '1.40',
    MinAPIVersion: '1.12',
    Version: '19.03.15',
    Os: 'linux',
    Arch: 'amd64',
  };
  const server = http.createServer((_, answer) => {
    answer.setHeader('API-Version', '1.40').setHeader('content-type', 'application/json');
    answer.end(JSON.stringify(version));
  });
  return new Promise((resolve) => server.listen(socket, () => resolve(server)));
}
