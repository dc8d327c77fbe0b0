import { expect } from 'chai';
import { room } from '../../components/swarm/swarm-files.ts';
import { eventually, isUp, run } from './support/run.ts';
import { SwarmBed } from './support/swarm-bed.ts';

/** What the tests of a swarm stand on. */
describe('the swarm bed', () => {
  const bed = new SwarmBed('bed');
  const begun = Date.now();

  before(async () => {
    await bed.create(['nginx:1.30-alpine']);
    console.log(`      up after ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  });
  after(() => bed.dispose());

  it('runs an image of this machine on every node, and each answers', async () => {
    await bed.docker(
      ...['service', 'create', '--detach', '--quiet', '--name', 'web', '--mode', 'global'],
      ...['--publish', 'mode=host,published=8080,target=80', 'nginx:1.30-alpine'],
    );
    for (const { address } of bed.nodes) await answers(address);
  });

  it('loses a manager to a power cut, decides without it, and has it back at the same address', async () => {
    const [, , third] = bed.nodes;
    await bed.kill(third!);
    await bed.docker('service', 'update', '--detach', '--label-add', 'decided=yes', 'web');
    await eventually(30, 'the node is down', async () => (await state('n3')) === 'Down');
    await bed.start(third!);
    await answers(third!.address);
  });

  it('drains a node', async () => {
    const [, second] = bed.nodes;
    await bed.drain(second!);
    await eventually(30, 'it is empty', async () => {
      const tasks = await bed.docker('node', 'ps', '--filter', 'desired-state=running', '--quiet', 'n2');
      return tasks === '';
    });
    await bed.activate(second!);
    await answers(second!.address);
  });

  for (const kind of ['config', 'secret'] as const)
    it(`takes as much in a ${kind} as an up allows, and no more`, async () => {
      const create = (size: number) =>
        run('bash', [
          ...['-o', 'pipefail', '-c'],
          `head -c ${size} /dev/zero | docker --host ${bed.manager.engine.host} ${kind} create of-${size} -`,
        ]);
      const [fits, refused] = [await create(room[kind] - 1), await create(room[kind])];
      expect(fits.code, fits.output).to.equal(0);
      expect(refused.output).to.contain(`less than ${room[kind]} bytes`);
    });

  const state = (name: string) =>
    bed.docker('node', 'ls', '--filter', `name=${name}`, '--format', '{{.Status}}');

  async function answers(address: string): Promise<void> {
    await eventually(30, `${address} answers`, () => isUp(`http://${address}:8080`));
  }
});
