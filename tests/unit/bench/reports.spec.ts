import { expect } from 'chai';
import type { SourceMapPayload } from 'node:module';
import { inOriginalFiles } from '../../../bench/original-files.ts';
import { costs } from '../../../bench/profile-report.ts';
import { replaceSection } from '../../../bench/results-file.ts';
import { explain, type Step } from '../../../bench/scale-report.ts';
import { isSmall, shared } from '../../../bench/sizes-report.ts';
import { growths, grown, type Sample } from '../../../bench/soak-report.ts';
import {
  difference,
  phasesOf,
  startOf,
  verdict,
  type Kind,
  type Phase,
} from '../../../bench/startup-report.ts';
import type { Event } from '../../../bench/timeline.ts';
import { parseFigures } from '../../../bench/wrk.ts';

describe('bench: results.md', () => {
  const text = '# Head\n\n## A\n\nold\n\n## B\n\nb\n';
  const cases: [title: string, expected: string][] = [
    ['A', '# Head\n\n## A\n\nnew\n\n## B\n\nb\n'],
    ['B', '# Head\n\n## A\n\nold\n\n## B\n\nnew\n'],
    ['C', '# Head\n\n## A\n\nold\n\n## B\n\nb\n\n## C\n\nnew\n'],
  ];
  for (const [title, expected] of cases)
    it(`a section ${title} is put in its place`, () =>
      expect(replaceSection(text, title, '\nnew\n')).to.equal(expected));
});

describe('bench: wrk', () => {
  it('figures are read from its output', () =>
    expect(
      parseFigures(
        'Running\n{"requests":10,"microseconds":2000000,"lost":1,"p50":1500,"p90":2,"p99":9000,"max":1}\n',
      ),
    ).to.deep.equal({ requests: 10, rate: 5, lost: 1, p50: 1.5, p99: 9 }));

  it('without figures there is an error with what it said', () =>
    expect(() => parseFigures('unable to connect')).to.throw('wrk did not finish:\nunable to connect'));
});

describe('bench: scale', () => {
  const figures = { requests: 1, lost: 0, p50: 1, p99: 1 };
  const step = (replicas: number, busy: number, rate: number, tenthBusy: number, full = 2000): Step => ({
    ...{ replicas, up: 1, preview: 1, memory: 100, rest: 0.1 },
    full: { ...figures, rate: full, busy },
    tenth: { ...figures, rate, busy: tenthBusy },
  });

  it('says from when on the machine is full, and how even replicas are until then', () =>
    expect(explain([step(1, 1.6, 200, 0.3), step(2, 1.9, 360, 0.5), step(4, 2, 600, 1.9)], 2)).to.equal(
      'With a CPU each, 1 replica keeps 1.6 of the 2 cores busy, together with edge, Postgres and what asks: more replicas share them and do not add any. ' +
        'With a tenth of a CPU each, the machine has room for up to 2, and a replica does as much beside others as alone, within a factor of 1.11.',
    ));

  it('says from when on more of them serve less', () =>
    expect(
      explain([step(1, 1, 200, 1.9, 1500), step(4, 1, 200, 1.9), step(16, 1, 200, 1.9, 700)], 2),
    ).to.equal(
      'From 4 to 16 of them reads fall from 2,000 to 700 a second: each process that is added takes more from the others than it brings.',
    ));

  it('says nothing where there is nothing to explain', () =>
    expect(explain([step(1, 1, 200, 1.9)], 2)).to.equal(''));
});

describe('bench: start-up', () => {
  const event = (at: number, action: string, service: string, role = 'replica'): Event => ({
    at,
    action,
    service,
    role,
  });

  it('phases of ours', () => {
    const events = [
      event(3, 'create', 'database', 'loader'),
      event(4, 'start', 'database'),
      event(5, 'health_status: healthy', 'database'),
      event(7, 'health_status: healthy', 'migrate', 'job'),
      event(8, 'start', 'product-api', 'candidate'),
      event(9, 'health_status: healthy', 'product-api', 'candidate'),
      event(9.5, 'die', 'migrate', 'job'),
      event(10, 'start', 'product-api'),
      event(11, 'start', 'product-api'),
      event(12, 'health_status: healthy', 'product-api'),
      event(13, 'start', 'edge'),
    ];
    expect(phasesOf({ events, answered: 14, ended: 15 })).to.deep.equal({
      'first container': 3,
      'Postgres runs': 4,
      'Postgres is healthy': 5,
      'migrations done': 7,
      'a candidate is well': 9,
      'product-apis run': 11,
      'product-apis are healthy': 12,
      'edge runs': 13,
      'first good answer': 14,
      'the command has ended': 15,
    });
  });

  it('phases of plain compose, which knows no roles and names services otherwise', () => {
    const events = [
      event(1, 'start', 'db', 'False'),
      event(2, 'start', 'api', 'False'),
      event(3, 'die', 'migrate', 'False'),
    ];
    expect(phasesOf({ events, answered: 4, ended: 2 })).to.deep.equal({
      'first container': 1,
      'Postgres runs': 1,
      'product-apis run': 2,
      'migrations done': 3,
      'first good answer': 4,
      'the command has ended': 2,
    });
  });

  const verdicts: [answers: [ours: number, exported: number][], expected: string][] = [
    [[[15, 10]], '1.50 (1.50 – 1.50), met'],
    [[[30, 20], [16, 10], [14, 10]], '1.50 (1.40 – 1.60), met'], // prettier-ignore
    [[[30, 20], [16, 10], [17, 10]], '1.60 (1.50 – 1.70), **missed**'], // prettier-ignore
  ];
  for (const [answers, expected] of verdicts)
    it(`is judged round by round: ${expected}`, () => {
      const start = (kind: Kind, seconds: number) => ({
        ...{ kind, containers: 1, cpu: 1 },
        phases: { 'first good answer': seconds },
      });
      const starts = answers.flatMap(([ours, exported]) => [
        start('ours', ours),
        start('exported', exported),
        start('plain', 1),
      ]);
      expect(verdict(starts)).to.equal(
        `Goal, ours : its export to the first good answer, the median of the rounds ≤ 1.5: ${expected}.`,
      );
    });

  it('containers that are made are counted, of any kind', () => {
    const events = [
      event(1, 'create', 'migrate', 'job'),
      event(2, 'start', 'migrate', 'job'),
      event(3, 'create', 'edge'),
    ];
    const { containers, cpu } = startOf('ours', { events, answered: 4, ended: 5, cpu: 6.5 });
    expect([containers, cpu]).to.deep.equal([2, 6.5]);
  });

  it('the difference is told step by step, the largest first', () => {
    const seconds: Record<Kind, Partial<Record<Phase, number>>> = {
      ours: { 'first container': 5, 'migrations done': 9, 'first good answer': 20 },
      exported: { 'first container': 1, 'migrations done': 6, 'first good answer': 12 },
      plain: {},
    };
    expect(difference((kind, phase) => seconds[kind][phase])).to.contain(
      'step by step: +5.0 s until “first good answer”, +4.0 s until “first container”, −1.0 s until “migrations done”.',
    );
  });
});

describe('bench: sizes', () => {
  const base = { size: 100e6, layers: ['base'] };
  const api = { app: 'product-api', size: 120e6, layers: ['base', 'packages', 'api'] };
  it('20 MB on top of the base are good, a byte more is not', () =>
    expect([isSmall(base, [api]), isSmall(base, [{ ...api, size: 120e6 + 1 }])]).to.deep.equal([
      true,
      false,
    ]));

  it('layers that both have are counted', () =>
    expect(shared({ size: 1, layers: ['base', 'packages', 'shop'] }, api)).to.equal(2));
});

describe('bench: soak', () => {
  const life = (service: string, mebibytes: number[]): Sample[] =>
    mebibytes.map((value, at) => ({ at, container: service, service, mebibytes: value }));

  it('a life is judged by its first and its last third, without the very first moment', () =>
    expect(growths(life('edge', [99, 10, 12, 11, 12, 13, 30, 13, 12, 14]))).to.deep.equal([
      { service: 'edge', start: 11, end: 13, samples: 9 },
    ]));

  const cases: [string, number[], boolean][] = [
    ['noise', [60, 80, 80, 85, 82, 90, 95], false],
    ['a leak', [60, 80, 90, 100, 110, 120, 130], true],
    ['little of much', [60, 200, 200, 210, 215, 220, 220], false],
    ['a lot of little', [5, 5, 5, 6, 7, 8, 9], false],
    ['a life too short to tell', [10, 100], false],
  ];
  for (const [name, values, leaks] of cases)
    it(`${name}: ${leaks ? 'grows' : 'does not grow'}`, () =>
      expect(grown(life('api', values)).length > 0).to.equal(leaks));
});

describe('bench: profile', () => {
  const node = (id: number, functionName: string, url = '', [lineNumber, columnNumber] = [0, 0]) => ({
    id,
    callFrame: { functionName, url, lineNumber, columnNumber },
  });
  const profile = {
    startTime: 1000,
    nodes: [
      node(1, '(idle)'),
      node(2, 'writev'),
      node(3, 'list', 'file:///app/product-api/routes.js'),
      node(4, 'parse', '/app/node_modules/pg-protocol/dist/parser.js'),
      node(5, 'emit', 'node:events'),
      node(6, '(garbage collector)'),
    ],
    samples: [3, 1, 2, 3, 4, 5, 6, 2],
    timeDeltas: [50, 50, 10, 20, 30, 40, 50, 1000],
  };

  it('sums what was sampled while it was asked, by kind and for one request', () =>
    expect(costs(profile, 1100, 1300, 10)).to.deep.equal({
      'writing to sockets': 1,
      'our code': 2,
      'Postgres client': 3,
      'Node: http and streams': 4,
      'garbage collector': 5,
    }));

  it('knows the functions of a bundle by the files that they were written in', () => {
    // Line 2 of the bundle, from its first column, is line 1 of a file of ours; from its fifth, of a package.
    const map = {
      ...{ version: 3, file: 'server.js', names: [], sourceRoot: '', sourcesContent: [] },
      sources: ['../../product-api/routes.ts', '../../node_modules/pg/lib/client.js'],
      mappings: ';AAAA,ICAA',
    } as unknown as SourceMapPayload;
    const bundle = 'file:///app/product-api/server.js';
    const namesake = 'file:///naive/node_modules/fastify/lib/server.js';
    const nodes = [
      ...[node(1, 'a', bundle, [1, 0]), node(2, 'b', bundle, [1, 4])],
      ...[node(3, 'c', 'node:events'), node(4, 'd', namesake, [1, 4])],
    ];
    const urls = inOriginalFiles({ ...profile, nodes }, { server: map }).nodes.map(
      ({ callFrame }) => callFrame.url,
    );
    expect(urls).to.deep.equal([
      'file:///app/product-api/routes.ts',
      'file:///app/node_modules/pg/lib/client.js',
      'node:events',
      namesake,
    ]);
  });
});
