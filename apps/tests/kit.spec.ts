import { hostname } from 'node:os';
import { expect } from 'chai';
import { containerName } from '../kit/container-name.ts';
import { readEnvironment, text, whole } from '../kit/environment.ts';
import { requestId } from '../kit/request-id.ts';
import { decodeCursor, encodeCursor } from '../product-api/cursor.ts';
import { uuidV7 } from '../product-api/uuid-v7.ts';

describe('kit', () => {
  it('reads the environment, with defaults', () => {
    expect(readEnvironment({ A: text(), B: whole(1, 9, 3) }, { A: 'x' })).to.deep.equal({ A: 'x', B: 3 });
  });

  it('tells all problems of the environment at once', () => {
    const read = () => readEnvironment({ A: text(), B: whole(1, 9), C: whole(1, 9) }, { B: '10' });
    expect(read).to.throw(
      'A must be set, and is not set\nB must be a whole number from 1 to 9, got "10"\nC must be a whole number from 1 to 9, and is not set',
    );
  });

  for (const good of ['0123456789abcdef', 'a.b-c_d.e']) {
    it(`passes the request id ${good} on`, () =>
      expect(requestId({ headers: { 'x-request-id': good } })).to.equal(good));
  }
  for (const bad of ['short', 'with space in it', 'x'.repeat(65), 'line\nbreak']) {
    it(`replaces the request id ${JSON.stringify(bad).slice(0, 20)}`, () =>
      expect(requestId({ headers: { 'x-request-id': bad } })).to.match(/^[0-9a-f-]{36}$/));
  }

  const names: [what: string, known: Record<string, string[]>, name: string][] = [
    [
      'its network behind it',
      { '10.0.0.2': ['product-api-1-abc.stack-edge-product-api'] },
      'product-api-1-abc',
    ],
    ['dots of its own', { '10.0.0.2': ['stack_api.1.x7f.stack-edge'] }, 'stack_api.1.x7f'],
    ['one address without it', { '10.0.0.3': ['storefront-1.edge'] }, 'storefront-1'],
    ['nothing but the host', { '10.0.0.2': ['laptop'] }, hostname()],
    ['no answer', {}, hostname()],
  ];
  for (const [what, known, name] of names)
    it(`finds the container's name with ${what}`, async () => {
      const ask = (address: string) =>
        known[address] ? Promise.resolve(known[address]) : Promise.reject(new Error('ENOTFOUND'));
      expect(await containerName(ask, ['10.0.0.2', '10.0.0.3'])).to.equal(name);
    });

  it('makes version 7 UUIDs that sort by time', () => {
    const ids = [3, 1, 2].map((time) => uuidV7(time * 1000));
    expect(ids.toSorted().map((id) => parseInt(id.slice(0, 13).replace('-', ''), 16))).to.deep.equal([
      1000, 2000, 3000,
    ]);
    expect(ids[0]).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('turns ids into cursors and back', () => {
    const id = uuidV7();
    expect(decodeCursor(encodeCursor(id))).to.equal(id);
    expect(() => decodeCursor('AAAA')).to.throw('The querystring is not valid.');
  });
});
