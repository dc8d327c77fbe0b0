import { execFileSync } from 'node:child_process';
import { expect } from 'chai';

/** What a program prints that imports the SDK as index.ts does, in a process of its own. */
function program(text: string): unknown {
  const before = `
    import './stacks/lighter-sdk.ts';
    import * as pulumi from '@pulumi/pulumi';
    import { createRequire } from 'node:module';
    const { cache } = createRequire(import.meta.url);
    const loaded = (name) => Object.keys(cache).filter((file) => file.includes('/node_modules/' + name + '/')).length;`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', before + text];
  return JSON.parse(execFileSync('node', args, { encoding: 'utf8' }));
}

describe("Pulumi's SDK, imported lighter", () => {
  it('does not load what only functions for the cloud need', () => {
    const names = ['typescript', '@npmcli/arborist', 'pacote'];
    expect(program(`console.log(JSON.stringify(${JSON.stringify(names)}.map(loaded)))`)).to.deep.equal([
      1, 1, 0,
    ]);
  });

  it('loads it when a function is serialised', () => {
    const text = `
      const { text } = await pulumi.runtime.serializeFunction(() => 'from the cloud');
      const paths = await pulumi.runtime.computeCodePaths();
      console.log(JSON.stringify([text.includes('from the cloud'), paths.size > 0, loaded('pacote') > 0]));`;
    expect(program(text)).to.deep.equal([true, true, true]);
  }).timeout(30_000);

  it('still finds a promise that nobody waits for', () => {
    const text = `
      const { debuggablePromise, leakedPromises } = createRequire(import.meta.url)('@pulumi/pulumi/runtime/debuggable.js');
      debuggablePromise(new Promise(() => {}), 'a leak');
      const [leaks] = leakedPromises();
      console.log(JSON.stringify([...leaks].map((leak) => [leak._debugCtx, leak._debugStackTrace])));`;
    expect(program(text)).to.deep.equal([['a leak', 'Error']]);
  });
});
