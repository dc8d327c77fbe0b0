import { expect } from 'chai';
import { Recorder } from '../../../load/recorder.ts';
import { htmlReport, type Report } from '../../../load/report.ts';

const options = {
  vus: 7,
  durationMs: 1000,
  url: 'http://127.0.0.1:1',
  mix: 'all',
  pauseMs: 0,
  maxErrors: 0,
  maxP99Ms: 500,
  output: 'out',
  anyHost: false,
} as const;

function report(kept: boolean, routes: readonly string[]): Report {
  const recorder = new Recorder();
  for (const route of routes) recorder.add(route, 5);
  recorder.tick();
  const verdicts = [{ name: 'lost requests', limit: 0, value: kept ? 0 : 1, kept }];
  return { started: '2026-01-01T00:00:00.000Z', options, verdicts, measured: recorder.result(1) };
}

describe('load: the report as a page', () => {
  it('says at once whether the limits were kept', () => {
    expect(htmlReport(report(true, ['a']))).to.include('<title>Passed: load on http://127.0.0.1:1</title>');
    expect(htmlReport(report(false, ['a']))).to.include('NOT KEPT: lost requests 1 (limit 0)');
  });
  it('needs nothing from elsewhere', () => {
    const page = htmlReport(report(true, ['a', 'b']));
    expect(page).not.to.match(/<script|<link|src=|@import|url\(/);
    expect(page.match(/<svg/g)).to.have.length(4);
  });
  it('shows markup in names as text', () => {
    const page = htmlReport(report(true, ['<b>"x"</b>']));
    expect(page).to.include('&lt;b&gt;&quot;x&quot;&lt;/b&gt;').and.not.to.include('<b>');
  });
  it('shows even nothing', () => {
    expect(htmlReport(report(false, []))).to.not.match(/NaN|Infinity|undefined/);
  });
});
