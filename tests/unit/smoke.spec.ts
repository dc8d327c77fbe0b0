import { expect } from 'chai';
import { smoke } from '../../engine/smoke.ts';

const good: Record<string, string> = {
  '/': '<!doctype html><html lang="en">',
  '/api/products?limit=1': '{"items":[]}',
  '/api/openapi.json': '{"openapi":"3.1.0"}',
};

describe('the smoke test', () => {
  const cases: [string, Record<string, string>, string[]][] = [
    ['takes a product that works', good, []],
    ['sees an empty page', { ...good, '/': '' }, ['/: has no <html in it']],
    [
      'sees an API that does not answer',
      { ...good, '/api/products?limit=1': '!503' },
      ['/api/products?limit=1: answered 503'],
    ],
  ];
  for (const [name, pages, expected] of cases) {
    it(name, async () => {
      const told: string[] = [];
      const page = async (path: string) => {
        const text = pages[path]!;
        if (text.startsWith('!')) throw new Error(`answered ${text.slice(1)}`);
        return text;
      };
      expect(await smoke(page, (line) => told.push(line))).to.deep.equal(expected);
      expect(told).to.have.length(3 - expected.length);
    });
  }
});
