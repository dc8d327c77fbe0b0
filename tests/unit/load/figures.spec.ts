import { expect } from 'chai';
import { roundUp } from '../../../load/chart.ts';
import { latencies, median, percentile } from '../../../load/percentile.ts';
import { Recorder } from '../../../load/recorder.ts';
import { describeErrors } from '../../../load/summary.ts';
import { isLoopback } from '../../../load/target.ts';
import { figure, markdownTable, textTable } from '../../../load/text-table.ts';
import { judge } from '../../../load/thresholds.ts';

const hundred = Array.from({ length: 100 }, (_, i) => i + 1);

describe('load: figures', () => {
  const ranks: [sorted: number[], percent: number, value: number][] = [
    [[], 50, 0],
    [[7], 0, 7],
    [[7], 99, 7],
    [[1, 2], 50, 1],
    [[1, 2], 51, 2],
    [hundred, 50, 50],
    [hundred, 99, 99],
    [hundred, 99.1, 100],
    [hundred, 100, 100],
  ];
  for (const [sorted, percent, value] of ranks)
    it(`percentile ${percent} of ${sorted.length}`, () =>
      expect(percentile(sorted, percent)).to.equal(value));

  it('percentiles of any order, as numbers and not as text', () =>
    expect(latencies([100, 9, 20])).to.deep.equal({ p50: 20, p90: 100, p99: 100, max: 100 }));

  const medians: [number[], number][] = [
    [[3], 3],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
  ];
  for (const [figures, value] of medians)
    it(`median of ${figures}`, () => expect(median(figures)).to.equal(value));

  const scales: [number, number][] = [
    [1, 1],
    [1.1, 2],
    [81, 100],
    [101, 200],
    [599, 600],
    [0.3, 0.4],
  ];
  for (const [value, scale] of scales)
    it(`a scale for ${value}`, () => expect(roundUp(value)).to.be.closeTo(scale, 1e-9));

  const shown: [number, string][] = [
    [0, '0'],
    [9.96, '10.0'],
    [9, '9'],
    [12345.6, '12,346'],
  ];
  for (const [value, text] of shown)
    it(`${value} is shown as ${text}`, () => expect(figure(value)).to.equal(text));

  it('tables', () => {
    const table = [
      ['route', 'n'],
      [
        ['a', 10],
        ['list', 9],
      ],
    ] as const;
    expect(textTable(...table)).to.equal('route   n\na      10\nlist    9');
    expect(markdownTable(...table)).to.equal('| route | n |\n| --- | ---: |\n| a | 10 |\n| list | 9 |');
  });

  const addresses: [string, boolean][] = [
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['128.0.0.1', false],
    ['127.evil.example', false],
    ['10.127.0.1', false],
    ['0.0.0.0', false],
  ];
  for (const [address, own] of addresses)
    it(`${address} is ${own ? 'this machine' : 'elsewhere'}`, () =>
      expect(isLoopback(address)).to.equal(own));
});

describe('load: recorder', () => {
  const recorder = new Recorder();
  recorder.inFlight = 2;
  recorder.connections = 3;
  recorder.add('b', 10);
  recorder.add('b', 30, '503');
  recorder.tick();
  recorder.add('a', 1);
  recorder.tick();
  recorder.tick();
  const measured = recorder.result(2);

  it('counts by second', () => {
    const quiet = { requests: 0, errors: 0, p50: 0, p99: 0, inFlight: 2, connections: 3 };
    expect(measured.timeline).to.deep.equal([
      { ...quiet, second: 1, requests: 2, errors: 1, p50: 10, p99: 30 },
      { ...quiet, second: 2, requests: 1, p50: 1, p99: 1 },
      { ...quiet, second: 3 },
    ]);
  });
  it('counts by route', () => {
    const one = { requests: 1, rate: 0.5, p50: 1, p90: 1, p99: 1, max: 1, errors: {} };
    const two = { requests: 2, rate: 1, p50: 10, p90: 30, p99: 30, max: 30, errors: { 503: 1 } };
    expect(measured.routes).to.deep.equal({ a: one, b: two });
    expect(Object.keys(measured.routes)).to.deep.equal(['a', 'b']);
    expect(measured.total).to.include({ requests: 3, rate: 1.5, p50: 10, max: 30 });
    expect(measured.total.errors).to.deep.equal({ 503: 1 });
  });
  it('counts every answer in the distribution', () => {
    const counts = measured.distribution.map(({ count }) => count);
    expect(counts.reduce((all, count) => all + count, 0)).to.equal(3);
    expect(measured.distribution[0]).to.deep.equal({ ms: 1, count: 1 });
  });
});

describe('load: limits', () => {
  const total = { requests: 10, rate: 1, p50: 1, p90: 2, p99: 500, max: 9, errors: {} };
  const limits = { maxErrors: 0, maxP99Ms: 500 };
  const cases: [name: string, total: object, limits: object, broken: string[]][] = [
    ['p99 must be below its limit', {}, {}, ['p99, ms']],
    ['kept', {}, { maxP99Ms: 501 }, []],
    ['an error', { p99: 1, errors: { 503: 1 } }, {}, ['lost requests']],
    ['errors that are allowed', { p99: 1, errors: { 503: 1, reset: 2 } }, { maxErrors: 3 }, []],
    ['no answer at all', { p99: 1, errors: { reset: 10 } }, { maxErrors: 99 }, ['answers']],
    ['no request at all', { requests: 0, p99: 0 }, {}, ['answers']],
  ];
  for (const [name, changed, own, broken] of cases)
    it(name, () => {
      const verdicts = judge({ ...total, ...changed }, { ...limits, ...own });
      expect(verdicts.filter(({ kept }) => !kept).map((one) => one.name)).to.deep.equal(broken);
    });

  it('tells errors, the most frequent first', () => {
    expect(describeErrors({ errors: { 503: 2, reset: 1200 } })).to.equal('1,200 × reset, 2 × 503');
    expect(describeErrors({ errors: {} })).to.equal('0');
  });
});
