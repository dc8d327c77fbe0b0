import { html, type Html } from '../apps/storefront/html.ts';
import { barChart, lineChart, type Series } from './chart.ts';
import type { LoadOptions } from './options.ts';
import { sum, type Measured } from './recorder.ts';
import { columns, describeVerdict, routeRows } from './summary.ts';
import { figure } from './text-table.ts';
import type { Verdict } from './thresholds.ts';

/** All that a report tells; report.json is just this. */
export interface Report {
  /** ISO time. */
  readonly started: string;
  readonly options: LoadOptions;
  readonly verdicts: readonly Verdict[];
  readonly measured: Measured;
}

/** The report as one page that needs nothing else. */
export function htmlReport(report: Report): string {
  const { options, started, verdicts, measured } = report;
  const passed = verdicts.every(({ kept }) => kept);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${passed ? 'Passed' : 'Failed'}: load on ${options.url}</title>
${style}
</head>
<body>
<header>
<h1><span class="verdict ${passed ? 'good' : 'bad'}">${passed ? 'Passed' : 'Failed'}</span> ${options.vus} users on ${options.url}</h1>
<p>Mix “${options.mix}”, ${figure(measured.seconds)} s, begun ${started}</p>
<ul>${verdicts.map((one) => html`<li class="${one.kept ? 'good' : 'bad'}">${describeVerdict(one)}</li>`)}</ul>
</header>
<main>${tiles(measured)}${charts(measured)}${routes(measured)}</main>
</body>
</html>
`.text;
}

function tiles({ total }: Measured): Html {
  const all: [string, string][] = [
    ['requests', figure(total.requests)],
    ['per second', figure(total.rate)],
    ['p50', `${figure(total.p50)} ms`],
    ['p99', `${figure(total.p99)} ms`],
    ['lost', figure(sum(total.errors))],
  ];
  return html`<dl class="tiles">${all.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function charts({ timeline, distribution }: Measured): Html {
  const of = (name: string, colour: Series['colour'], values: number[]): Series => ({ name, colour, values });
  const rate = [
    of(
      'requests',
      1,
      timeline.map(({ requests }) => requests),
    ),
    of(
      'lost',
      3,
      timeline.map(({ errors }) => errors),
    ),
  ];
  const time = [
    of(
      'p50',
      1,
      timeline.map(({ p50 }) => p50),
    ),
    of(
      'p99',
      2,
      timeline.map(({ p99 }) => p99),
    ),
  ];
  const users = [
    of(
      'in flight',
      1,
      timeline.map(({ inFlight }) => inFlight),
    ),
    of(
      'open connections',
      2,
      timeline.map(({ connections }) => connections),
    ),
  ];
  const counts = of(
    'answers',
    1,
    distribution.map(({ count }) => count),
  );
  const steps = distribution.map(({ ms }) => `${figure(ms)} ms`);
  return html`<div class="charts">
${figureOf('Requests a second', rate, lineChart('Requests a second', rate))}
${figureOf('Latency, ms', time, lineChart('Latency, ms', time))}
${figureOf('Users at the same time', users, lineChart('Users at the same time', users))}
${figureOf('Answers by latency', [counts], barChart('Answers by latency', steps, counts))}
</div>`;
}

function figureOf(title: string, series: readonly Series[], chart: Html): Html {
  const legend = series.map(({ name, colour }) => html`<span class="key c${colour}">${name}</span>`);
  return html`<figure><figcaption><h2>${title}</h2>${legend}</figcaption>${chart}</figure>`;
}

function routes(measured: Measured): Html {
  const cell = (text: string) => html`<td>${text}</td>`;
  const rows = routeRows(measured).map(
    ([route, ...cells]) => html`<tr><th scope="row">${route}</th>${cells.map(cell)}</tr>`,
  );
  return html`<div class="scroll"><table>
<thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${rows}</tbody>
</table></div>`;
}

const style = html`<style>
:root { --ink: #1a2233; --soft: #5b6578; --paper: #f6f7f9; --card: #fff; --rule: #dfe3ea; --one: #2563eb; --two: #d97706; --three: #dc2626; --good: #15803d; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8ebf2; --soft: #9aa4b8; --paper: #10141c; --card: #1a202c; --rule: #2d3647; --one: #60a5fa; --two: #fbbf24; --three: #f87171; --good: #4ade80; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 16px 48px; max-width: 1180px; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 24px; line-height: 1.3; margin: 0; overflow-wrap: anywhere; } h2 { font-size: 15px; margin: 0; }
header p { color: var(--soft); margin: 4px 0; } header ul { margin: 8px 0 20px; padding: 0; list-style: none; }
.verdict { color: var(--paper); border-radius: 6px; padding: 2px 10px; margin-right: 6px; } .verdict.good { background: var(--good); } .verdict.bad { background: var(--three); }
li.good { color: var(--good); } li.bad { color: var(--three); font-weight: 600; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 0 0 16px; }
.tiles div, figure, .scroll { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 14px; }
dt { color: var(--soft); } dd { margin: 0; font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 12px; margin-bottom: 16px; }
figure { margin: 0; min-width: 0; } figcaption { display: flex; flex-wrap: wrap; gap: 4px 14px; align-items: baseline; }
svg { width: 100%; height: auto; display: block; } svg text { font-size: 12px; fill: var(--soft); } .grid { stroke: var(--rule); }
.line { fill: none; stroke-width: 2; stroke-linejoin: round; }
.line.c1 { stroke: var(--one); } .line.c2 { stroke: var(--two); } .line.c3 { stroke: var(--three); } rect.c1 { fill: var(--one); }
.key { color: var(--soft); } .key::before { content: ""; display: inline-block; width: 10px; height: 10px; border-radius: 50%; margin-right: 5px; background: var(--one); }
.key.c2::before { background: var(--two); } .key.c3::before { background: var(--three); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 6px 10px; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; } th:first-child { text-align: left; }
thead th { color: var(--soft); font-weight: 500; } tbody th { font-weight: 500; } tbody tr:last-child > * { border-bottom: 0; font-weight: 700; }
</style>`;
