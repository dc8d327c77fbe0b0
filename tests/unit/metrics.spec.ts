import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { dashboards } from '../../stacks/metrics/dashboards.ts';
import { scrapeConfig, wanted } from '../../stacks/metrics/files.ts';
import { grafanaFiles } from '../../stacks/metrics/grafana.ts';
import { productTopology } from '../../stacks/product.ts';
import { parseSettings, type RawConfig } from '../../stacks/settings.ts';
import type { FileEntry } from '../../stacks/topology.ts';

const settings = (raw: RawConfig = {}) => parseSettings('unit', { metrics: 'true', ...raw });
const contentOf = (entry: FileEntry) => ('content' in entry ? entry.content : '');

describe('metrics', () => {
  it('leave no trace where they are off', () => {
    const topology = productTopology(parseSettings('unit', {}));
    expect(JSON.stringify(topology)).not.to.match(/metrics|alerts|9113|9464|pg_stat/i);
  });

  it('give the store a network of its own to each that it asks, and nobody else an entrance', () => {
    const { links, services } = productTopology(settings());
    const others = productTopology(parseSettings('unit', {})).links.length;
    expect(links.slice(others).map(({ from, to }) => `${from} → ${to}`)).to.deep.equal([
      'metrics → edge',
      'metrics → gateway',
      'metrics → storefront',
      'metrics → product-api',
      'metrics → database-metrics',
      'metrics → alerts',
      'alerts → metrics',
      'database-metrics → database',
    ]);
    const published = services.filter(({ publish }) => publish.length > 0);
    expect(published.map(({ name, publish }) => [name, publish[0]!.address])).to.deep.equal([
      ['edge', '127.0.0.1'],
      ['metrics', '127.0.0.1'],
    ]);
  });

  it('are told by what makes backups, where there are any', () => {
    const { links, services } = productTopology(settings({ 'backup.schedule': '0 3 * * *' }));
    expect(links).to.deep.include({ from: 'backup', to: 'metrics' });
    expect(services.find(({ name }) => name === 'backup')!.env).to.include({ METRICS_STORE: 'metrics/8428' });
    expect(contentOf(wanted(settings({ 'backup.schedule': '0 3 * * *' })))).to.contain('service: backup');
  });

  it('are told by what keeps the log, too', () => {
    const raw = { 'backup.schedule': '0 3 * * *', 'backup.pointInTime': 'true' };
    const { links, services } = productTopology(settings(raw));
    expect(links).to.deep.include({ from: 'wal-archive', to: 'metrics' });
    const archive = services.find(({ name }) => name === 'wal-archive')!;
    expect(archive.env).to.include({ METRICS_STORE: 'metrics/8428' });
    expect(contentOf(wanted(settings(raw)))).to.contain('service: wal-archive');
  });

  it('do not ask an image of your own, which shows none', () => {
    const own = settings({ productApiImage: 'team/api:1', productApiHealthPath: '/up' });
    expect(contentOf(scrapeConfig(own))).not.to.contain('product-api');
    expect(contentOf(wanted(own))).not.to.contain('product-api');
  });

  const rooms: [raw: RawConfig, series: string][] = [
    [{}, '16570'],
    [{ 'metrics.keepDays': '1' }, '248551'],
  ];
  for (const [raw, series] of rooms)
    it(`have room for ${series} series with ${JSON.stringify(raw)}`, () => {
      const store = productTopology(settings(raw)).services.find(({ name }) => name === 'metrics')!;
      expect(store.command).to.include(`-storage.maxHourlySeries=${series}`);
    });

  it('are read by a configuration that Prometheus takes, and compared with rules that it takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'metrics-'));
    try {
      for (const entry of [scrapeConfig(settings()), wanted(settings({ replicas: '7' }))])
        writeFileSync(join(folder, entry.path), contentOf(entry));
      promtool('check', 'config', join(folder, 'scrape.yml'));
      expect(promtool('check', 'rules', join(folder, 'wanted.yml'))).to.contain('SUCCESS: 6 rules');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('alerts', () => {
  const { groups } = parse(readFileSync('metrics/alerts.yml', 'utf8')) as { groups: { rules: Rule[] }[] };
  const tests = ['alerts', 'alerts-slow']
    .map((file) => readFileSync(`metrics/${file}.test.yml`, 'utf8'))
    .join('');
  for (const { alert, annotations, labels } of groups.flatMap(({ rules }) => rules))
    it(`${alert} says what is wrong, what to do, how bad it is, and has a test in which it fires`, () => {
      expect([annotations.summary, annotations.do]).to.satisfy((all: string[]) => all.every(Boolean));
      expect(labels.severity).to.be.oneOf(['warning', 'critical']);
      expect(tests).to.match(new RegExp(`alertname: ${alert}\n +exp_alerts:`));
    });
});

describe('dashboards', () => {
  it('have no two panels of one name in a row, and a legend for each series', () => {
    for (const { title, rows } of dashboards)
      for (const row of rows) {
        const titles = row.panels.map((panel) => panel.title);
        expect(titles, title).to.deep.equal([...new Set(titles)]);
        for (const { queries } of row.panels)
          expect(queries.every(({ legend }) => legend !== '')).to.equal(true);
      }
  });
});

describe('the same for Grafana', () => {
  const files = grafanaFiles('http://127.0.0.1:8428').map(({ path, content }) => [path, content] as const);
  const pages = files.filter(([path]) => path.endsWith('.json')).map(([, text]) => JSON.parse(text) as Page);

  it('has every chart with its queries', () => {
    const shown = pages.flatMap(({ panels }) =>
      panels.flatMap(({ type, title, targets }) =>
        type === 'row' ? [] : [[title, ...targets!.map(({ expr }) => expr)]],
      ),
    );
    const wanted = dashboards.flatMap(({ rows }) =>
      rows.flatMap(({ panels }) =>
        panels.map(({ title, queries }) => [title, ...queries.map(({ expr }) => expr)]),
      ),
    );
    expect(shown).to.deep.equal(wanted);
  });

  it('has no chart on top of another, or beside the page', () => {
    for (const { panels } of pages) {
      const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
        Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
      );
      expect(new Set(cells)).to.have.property('size', cells.length);
      expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).to.equal(true);
    }
  });

  it('asks the data source that it brings', () => {
    const [, source] = files.find(([path]) => path.includes('datasources'))!;
    const { datasources } = parse(source) as { datasources: { uid: string; url: string }[] };
    expect(datasources.map(({ uid, url }) => [uid, url])).to.deep.equal([
      ['metrics', 'http://127.0.0.1:8428'],
    ]);
    const asked = pages.flatMap(({ panels }) => panels.flatMap(({ datasource }) => datasource?.uid ?? []));
    expect([...new Set(asked)]).to.deep.equal(['metrics']);
  });
});

interface Page {
  readonly panels: readonly {
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly { readonly expr: string }[];
    readonly datasource?: { readonly uid: string };
  }[];
}

interface Rule {
  readonly alert: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly do: string };
}

function promtool(...args: string[]): string {
  return execFileSync('offline/promtool', args, { encoding: 'utf8' });
}
