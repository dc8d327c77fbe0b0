/** A chart: what it shows, and the PromQL that it is drawn from. */
export interface Panel {
  readonly title: string;
  /** What is normal, and where to look when it is not. */
  readonly help?: string;
  readonly unit: Unit;
  /** One a line of the chart's legend; `{{label}}` names its series. */
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  /** May be empty on a day when nothing goes wrong. */
  readonly quiet?: true;
}

/** What an axis counts. */
export type Unit =
  'req/s' | 's' | '%' | 'bytes' | 'bytes/s' | 'count' | 'tx/s' | 'rows/s' | 'calls/s' | 'cores';

/** A page of charts, in rows. */
export interface Dashboard {
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

/** The time over which a rate is taken: a dozen readings. */
export const window = '1m';
/** The requests that a load balancer answered, as nginx/metrics counts them. */
export const http = 'nginx_http_requests_total';
/** How long that took. */
export const nginxSeconds = 'nginx_http_request_duration_seconds';
/** How long an app took, as apps/kit/metrics.ts measures it. */
export const appSeconds = 'http_request_duration_seconds';

/** A chart of one query. */
export function panel(title: string, unit: Unit, expr: string, legend: string): Panel {
  return { title, unit, queries: [{ expr, legend }] };
}

/** The same, for what happens only when something goes wrong. */
export function quiet(...args: Parameters<typeof panel>): Panel {
  return { ...panel(...args), quiet: true };
}

/** A chart with a word on what is normal. */
export function helpful(help: string, one: Panel): Panel {
  return { ...one, help };
}

/** Seconds within which 50, 95 and 99 of 100 requests are answered, of one histogram. */
export function percentiles(title: string, metric: string, selector: string): Panel {
  const queries = [0.5, 0.95, 0.99].map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le) (rate(${metric}_bucket{${selector}}[${window}])))`,
    legend: `p${share * 100}`,
  }));
  return { title, unit: 's', queries };
}

/** The 99th percentile of each `label`. */
export function slowest(title: string, metric: string, selector: string, label: string): Panel {
  const expr = `histogram_quantile(0.99, sum by (le, ${label}) (rate(${metric}_bucket{${selector}}[${window}])))`;
  return panel(title, 's', expr, `{{${label}}}`);
}

/** What a dashboard's file is called, without its ending. */
export function fileName({ title }: Dashboard): string {
  return title.toLowerCase().replaceAll(' ', '-');
}

/** A file's text. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
