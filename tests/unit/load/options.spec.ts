import { expect } from 'chai';
import { parseLoadOptions, UsageError } from '../../../load/options.ts';

const url = 'http://127.0.0.1:8080';
const defaults = {
  vus: 100,
  durationMs: 60_000,
  url,
  mix: 'all',
  pauseMs: 0,
  maxErrors: 0,
  maxP99Ms: 500,
  output: '.ci/output/load',
  anyHost: false,
};

describe('load: command line', () => {
  const good: [args: string, changed: object | 'help'][] = [
    ['', {}],
    ['--help', 'help'],
    ['--vus 1 --duration 1s', { vus: 1, durationMs: 1000 }],
    ['--duration 1.5m --pause 250ms', { durationMs: 90_000, pauseMs: 250 }],
    ['--url https://localhost:8443/shop?x=1', { url: 'https://localhost:8443' }],
    ['--mix=write --max-errors 3 --max-p99 2s', { mix: 'write', maxErrors: 3, maxP99Ms: 2000 }],
    ['--output out --any-host', { output: 'out', anyHost: true }],
  ];
  for (const [args, changed] of good)
    it(args || 'nothing given', () => {
      const parsed = parseLoadOptions(args.split(' ').filter(Boolean), { url });
      expect(parsed).to.deep.equal(changed === 'help' ? 'help' : { ...defaults, ...changed });
    });

  const bad: [args: string, message: string][] = [
    ['--vus 0', '--vus must be a whole number from 1 to 2000, got "0"'],
    ['--vus 1e2', '--vus must be a whole number from 1 to 2000, got "1e2"'],
    ['--duration 60', '--duration must be a time from 1s to 2h, such as 90s, got "60"'],
    ['--duration 3h', '--duration must be a time from 1s to 2h, such as 90s, got "3h"'],
    [
      '--url ftp://127.0.0.1',
      '--url must be an address such as http://127.0.0.1:8080, got "ftp://127.0.0.1"',
    ],
    ['--url 127.0.0.1:80', '--url must be an address such as http://127.0.0.1:8080, got "127.0.0.1:80"'],
    [
      '--mix read --max-p99 0s',
      '--mix must be browse, api, write, all, got "read"\n--max-p99 must be a time such as 500ms, got "0s"',
    ],
    ['--users 5', "Unknown option '--users'"],
    ['five', "Unexpected argument 'five'. This command does not take positional arguments"],
  ];
  for (const [args, message] of bad)
    it(`refuses ${args}`, () => {
      expect(() => parseLoadOptions(args.split(' '), { url })).to.throw(UsageError, message);
    });
});
