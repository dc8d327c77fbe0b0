import type { Settings } from '../settings.ts';
import type { FileEntry } from '../topology.ts';
import { seesContainers } from './containers.ts';
import { dashboardsOf, type Dashboard, type Panel } from './dashboards.ts';

/** The dashboards as VictoriaMetrics' web interface takes them: a JSON file each. */
export function dashboardFiles(settings: Settings): FileEntry[] {
  const pages = dashboardsOf({ seesContainers: seesContainers(settings) });
  return pages.map((dashboard, index) => ({
    // It shows them in the order of their names.
    path: `dashboards/${index + 1}-${dashboard.title.toLowerCase().replaceAll(' ', '-')}.json`,
    content: `${JSON.stringify(page(dashboard), undefined, 2)}\n`,
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
function chart({ title, unit, queries }: Panel) {
  return {
    title,
    unit: unit === 'count' ? '' : unit,
    expr: queries.map(({ expr }) => expr),
    alias: queries.map(({ legend }) => legend),
    showLegend: true,
    width: 4,
  };
}
