import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { nodeLabels } from '../../stacks/labels.ts';
import { keys } from '../../stacks/setting-keys.ts';
import { SwarmBed } from './support/swarm-bed.ts';
import { releases } from './swarm/releases.ts';
import { operations } from './swarm/operations.ts';
import { outages } from './swarm/outages.ts';
import { closed } from './swarm/closed.ts';
import { SwarmTestStack } from './swarm/swarm-test-stack.ts';

/** What `pulumi stack export` writes, as far as it is changed here. */
interface State {
  readonly deployment: { readonly resources: readonly { readonly type: string; readonly outputs: object }[] };
}

const images = [
  ...(['nodeImage', 'nginxImage', 'postgresImage'] as const),
  ...(['metrics.storeImage', 'metrics.alertsImage', 'metrics.postgresImage'] as const),
];

describe('a stack on a Swarm of three nodes', () => {
  const bed = new SwarmBed('swarm');
  let target: SwarmTestStack;

  before(async () => {
    await bed.create(images.map((key) => keys[key].default));
    const [n1, n2, n3] = bed.nodes as [SwarmBed['manager'], SwarmBed['manager'], SwarmBed['manager']];
    for (const node of [n1, n3]) await bed.label(node, `${nodeLabels.edge}=true`);
    await bed.label(n2, `${nodeLabels.data}=true`);
    target = new SwarmTestStack(bed, n1);
    await target.init({
      catalogueSize: '500',
      gatewayReplicas: '2',
      'backup.schedule': '0 3 * * *',
      metrics: 'true',
      'metrics.address': '0.0.0.0',
    });
  });
  after(async () => {
    await target?.stack.dispose();
    await bed.dispose();
  });

  it('comes up by pulumi up, spread over the nodes, and every edge serves', async () => {
    const { seconds } = await target.stack.upOk();
    console.log(`      up took ${seconds.toFixed(1)} s`);
    expect(await target.nodesOf('product-api')).to.deep.equal(['n1', 'n2', 'n3']);
    for (const service of ['storefront', 'gateway'])
      expect(new Set(await target.nodesOf(service)).size, `nodes with ${service}`).to.equal(2);
    for (const service of ['database', 'metrics'])
      expect(await target.nodesOf(service), service).to.deep.equal(['n2']);
    expect(await target.nodesOf('edge')).to.deep.equal(['n1', 'n3']);
    for (const node of [bed.nodes[0]!, bed.nodes[2]!])
      expect((await fetch(target.urlOf(node))).status, node.name).to.equal(200);
  });

  it('needs nothing more: a second preview is empty', async () => {
    const { code, output } = await target.stack.pulumi('preview', '--expect-no-changes');
    expect(code, output).to.equal(0);
  });

  it('nor does a network of which a busy Swarm told no driver yet when it was made', async () => {
    const made = join(target.stack.folder, 'made.json');
    const told = join(target.stack.folder, 'told.json');
    await target.stack.pulumiOk('stack', 'export', '--file', made);
    const state = JSON.parse(readFileSync(made, 'utf8')) as State;
    for (const { type, outputs } of state.deployment.resources)
      if (type === 'docker:index/network:Network') Object.assign(outputs, { driver: '', ipamDriver: '' });
    writeFileSync(told, JSON.stringify(state));
    await target.stack.pulumiOk('stack', 'import', '--file', told);
    const { code, output } = await target.stack.pulumi('preview', '--expect-no-changes');
    await target.stack.pulumiOk('stack', 'import', '--file', made);
    expect(code, output).to.equal(0);
  });

  describe('at work', () => operations(bed, () => target));
  describe('closed', () => closed(bed, () => target));
  describe('a release', () => releases(bed, () => target));
  describe('an outage', () => outages(bed, () => target));
});
