import type { Settings } from '../settings.ts';
import type { FileEntry } from '../topology.ts';
import { seesContainers } from './containers.ts';
import { dashboardsOf } from './dashboards.ts';
import { fileName, toJson, type Dashboard, type Panel } from './dashboards/panel.ts';
import { seesDatabase } from './passwords.ts';

/** The dashboards as VictoriaMetrics' web interface takes them: a JSON file each. */
export function dashboardFiles(settings: Settings): FileEntry[] {
  const pages = dashboardsOf({ containers: seesContainers(settings), database: seesDatabase(settings) });
  return pages.map((dashboard, index) => ({
    // It shows them in the order of their names.
    path: `dashboards/${index + 1}-${fileName(dashboard)}.json`,
    content: toJson(page(dashboard)),
  }));
}

function page({ title, rows }: Dashboard) {
  return {
    title,
    filename: title,
    rows: rows.map((row) => ({ title: row.title, panels: row.panels.map(chart) })),
  };
}

/** Width is in twelfths of the page. */
function chart({ title, help, unit, queries }: Panel) {
  return {
    title,
    ...(help && { description: help }),
    unit: unit === 'count' ? '' : unit,
    expr: queries.map(({ expr }) => expr),
    alias: queries.map(({ legend }) => legend),
    showLegend: true,
    width: 6,
  };
}
