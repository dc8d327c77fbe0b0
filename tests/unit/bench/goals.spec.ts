import { expect } from 'chai';
import { goals, type Results } from '../../../bench/goals.ts';

const result = (rate: number, p99: number, busy: number, cpu: Record<string, number>) => ({
  ...{ rate, p99, busy, cpu, lowest: rate, highest: rate, p50: 1, lost: 0 },
});
const results: Results = {
  a0: result(2000, 90, 1.2, { 'product-api': 400, database: 150, wrk: 50 }),
  a: result(5000, 40, 1, { 'product-api': 100, database: 20, wrk: 30 }),
  b: result(4000, 60, 1.9, { proxy: 100, 'product-api': 200, database: 60, wrk: 40 }),
  d: result(3000, 80, 1.95, { proxy: 160, 'product-api': 220, database: 60, wrk: 40 }),
  e: result(2500, 50, 1.9, { proxy: 300, 'product-api': 220, database: 60, wrk: 40 }),
};

describe('bench: goals', () => {
  it('compares ratios and the slowest with what was wanted', () =>
    expect(goals(results, 2).map(({ wanted, measured, met }) => [wanted, measured, met])).to.deep.equal([
      ['≥ 2', '2.50', true],
      ['≥ 0.85', '0.80', false],
      ['≥ 1.7', '1.33', false],
      ['≥ 1.4', '1.60', true],
      ['< 80', '60', true],
      ['< 50', '60', false],
    ]));

  it('says what the CPU of the machine leaves room for', () => {
    const [, whole, plain] = goals(results, 2).map(({ why }) => why);
    expect(whole).to.equal(
      'A read through (b) costs 475 µs of CPU, that of what asks, of Postgres and of the kernel included, and 2 cores have room for 4,211 of them a second: 0.84 of (a), which needs 200 µs. 1.90 of the cores were busy with it, 1.00 with (a).',
    );
    expect(plain).to.equal(
      "Of the 475 µs that a read through (b) costs, 100 are the proxy's; with one that cost nothing (b) would stand at 1.73 of (d), so the rest is ours to find.",
    );
  });
});
