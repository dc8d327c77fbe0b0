import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { copyCheckout, removeCheckout, repository } from './support/checkout.ts';
import { run, type Ended } from './support/run.ts';

/** A code block of CONTRIBUTING.md, by the file that it names. */
function block(file: string): string {
  const text = readFileSync(join(repository, 'CONTRIBUTING.md'), 'utf8');
  return new RegExp(`^\`\`\`ts ${file}\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text)![1]!;
}

/** The walk of CONTRIBUTING.md on a copy of the tree: no engine, no state. */
describe('adding a Redis', () => {
  const folder = copyCheckout({ packages: true });
  const service = block('stacks/redis.ts');
  const [imported, listed, linked] = block('stacks/product.ts').trimEnd().split('\n');
  after(() => removeCheckout(folder));

  const inFolder = (command: string, ...args: string[]): Promise<Ended> =>
    run(command, args, { cwd: folder, env: { ...process.env, DOCKER_HOST: 'unix:///nonexistent.sock' } });
  const ok = async (command: string, ...args: string[]): Promise<string> => {
    const { code, output } = await inFolder(command, ...args);
    expect(code, `${command} ${args.join(' ')}: ${output}`).to.equal(0);
    return output;
  };

  before(async () => {
    symlinkSync(join(repository, 'apps/node_modules'), join(folder, 'apps/node_modules'));
    await ok('git', 'init', '-q');
    await ok('git', 'add', '-A');
    await ok('git', '-c', 'user.name=test', '-c', 'user.email=test@localhost', 'commit', '-qm', 'before');
    writeFileSync(join(folder, 'stacks/redis.ts'), service);
    const product = readFileSync(join(folder, 'stacks/product.ts'), 'utf8');
    const changed = product
      .replace(/^/, `${imported}\n`)
      .replace(/^ {6}productApi\(settings\),\n/m, (line) => `${line}${listed}\n`)
      .replace(/^ {4}\{ from: 'gateway', to: 'product-api' \},\n/m, (line) => `${line}${linked}\n`);
    writeFileSync(join(folder, 'stacks/product.ts'), changed);
  });

  it('takes ten lines', () => {
    const lines = `${service}${block('stacks/product.ts')}`.split('\n');
    const code = lines.filter((line) => line.trim() !== '' && !line.startsWith('/**'));
    expect(code).to.have.length(10);
  });

  it('passes the type check', () => ok('npx', 'tsc', '--noEmit'));

  it('previews it without an engine', async () => {
    const output = await ok(
      'node',
      '--import',
      'tsx',
      'scripts/preview.ts',
      '--stack',
      'staging',
      '--base',
      'HEAD',
    );
    expect(output).to.match(/^Not compared with the running stack: /m);
    expect(output).to.match(/^ {2}redis +created +new$/m);
    expect(output).to.match(/^ {2}network product-api-redis +created +new$/m);
    expect(output).to.match(/^ {2}product-api +replaced +networks$/m);
    expect(output).to.match(/^\+ {4}image: redis:8-alpine$/m);
  });

  it('is in the compose export, closed like the others', async () => {
    await ok('node', '--import', 'tsx', 'scripts/compose.ts', '--stack', 'staging');
    const { services, networks } = parse(readFileSync(join(folder, 'docker-compose.yml'), 'utf8'), {
      merge: true,
    }) as { services: Record<string, Record<string, unknown>>; networks: Record<string, unknown> };
    expect(services['redis']).to.deep.include({ read_only: true, cap_drop: ['ALL'], user: '65534:65534' });
    expect(services['redis']!['networks']).to.deep.equal({ 'product-api-redis': { aliases: ['redis'] } });
    expect(networks['product-api-redis']).to.deep.include({ internal: true });
  });

  it('is in the picture', async () => {
    await ok('node', '--import', 'tsx', 'scripts/topology.ts');
    expect(readFileSync(join(folder, 'docs/topology.svg'), 'utf8')).to.contain('redis:8-alpine');
  });
});
