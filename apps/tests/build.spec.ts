import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';

/** The line in which `text` begins, from 0. */
function lineOf(text: string, within: string): number {
  expect(within).to.include(text);
  return within.slice(0, within.indexOf(text)).split('\n').length - 1;
}

describe('the bundle of product-api', () => {
  let folder: string;
  let bundle: string;
  let map: SourceMap;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bundle-'));
    execFileSync(process.execPath, ['build.mjs', 'product-api/server.ts', folder]);
    const file = join(folder, 'product-api/server.js');
    bundle = readFileSync(file, 'utf8');
    map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('leads from a line of ours to its source', () => {
    const begin = 'async function createApi(';
    const found = map.findEntry(lineOf(begin, bundle), 0);
    expect(found)
      .to.have.property('originalSource')
      .that.matches(/product-api\/app\.ts$/);
    const source = readFileSync('product-api/app.ts', 'utf8');
    expect(found).to.have.property('originalLine', lineOf(`export ${begin}`, source));
  });

  it('has no map of packages, which every start would read', () => {
    const length = JSON.stringify(map.payload).length;
    expect(length).to.be.below(bundle.length / 10);
  });

  it('does not import node:http, which would load undici', () => {
    expect(bundle).to.match(/^import .* from "node:crypto"/m);
    expect(bundle).to.not.match(/^import .* from "(node:)?http"/m);
  });
});
