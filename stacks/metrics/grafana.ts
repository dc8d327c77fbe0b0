import { stringify } from 'yaml';
import { dashboards } from './dashboards.ts';
import { fileName, toJson, type Dashboard, type Panel, type Unit } from './dashboards/panel.ts';

/** A file for Grafana; `path` is below its folder. */
export interface GrafanaFile {
  readonly path: string;
  readonly content: string;
}

/** Columns of Grafana's page. */
const page = { width: 24, perRow: 2, height: 8 };

/** As Grafana names units: https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts */
const units: Readonly<Record<Unit, string>> = {
  'req/s': 'reqps',
  s: 's',
  '%': 'percent',
  bytes: 'bytes',
  'bytes/s': 'Bps',
  count: 'short',
  'tx/s': 'suffix:tx/s',
  'rows/s': 'suffix:rows/s',
  'calls/s': 'suffix:calls/s',
  cores: 'suffix: cores',
};

/** The dashboards, the store as a data source, and where the dashboards are, as a Grafana provisions itself with them. */
export function grafanaFiles(storeUrl: string): GrafanaFile[] {
  return [
    ...dashboards.map((one) => ({
      path: `dashboards/${fileName(one)}.json`,
      content: toJson(dashboard(one)),
    })),
    { path: 'provisioning/datasources/metrics.yml', content: stringify(datasource(storeUrl)) },
    { path: 'provisioning/dashboards/product.yml', content: stringify(provider) },
  ];
}

function datasource(url: string) {
  const one = { name: 'metrics', uid: 'metrics', type: 'prometheus', access: 'proxy', url, isDefault: true };
  return { apiVersion: 1, datasources: [{ ...one, jsonData: { timeInterval: '5s' } }] };
}

const provider = {
  apiVersion: 1,
  providers: [{ name: 'product', type: 'file', options: { path: '/var/lib/grafana/dashboards' } }],
};

function dashboard(one: Dashboard) {
  return {
    uid: `product-${fileName(one)}`,
    title: one.title,
    tags: ['product'],
    schemaVersion: 39,
    editable: false,
    refresh: '5s',
    time: { from: 'now-30m', to: 'now' },
    panels: panelsOf(one),
  };
}

/** Rows from top to bottom, the charts of each two abreast. */
function panelsOf({ rows }: Dashboard) {
  let y = 0;
  return rows.flatMap(({ title, panels }) => {
    const row = { type: 'row', title, collapsed: false, gridPos: { x: 0, y, w: page.width, h: 1 } };
    const charts = panels.map((panel, index) => chart(panel, index, y + 1));
    y += 1 + Math.ceil(panels.length / page.perRow) * page.height;
    return [row, ...charts];
  });
}

function chart({ title, help, unit, queries }: Panel, index: number, top: number) {
  const [width, row] = [page.width / page.perRow, Math.floor(index / page.perRow)];
  return {
    type: 'timeseries',
    title,
    ...(help && { description: help }),
    gridPos: { x: (index % page.perRow) * width, y: top + row * page.height, w: width, h: page.height },
    datasource: { type: 'prometheus', uid: 'metrics' },
    fieldConfig: { defaults: { unit: units[unit], min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'table', placement: 'right', calcs: ['lastNotNull', 'max'] } },
    targets: queries.map(({ expr, legend }, query) => ({
      refId: String.fromCharCode(65 + query),
      expr,
      legendFormat: legend,
    })),
  };
}
