/** A chart: what it shows, and the PromQL that it is drawn from. */
export interface Panel {
  readonly title: string;
  /** As Grafana names it; vmui shows the short form. */
  readonly unit: Unit;
  /** One a line of the chart's legend; `{{label}}` names its series. */
  readonly queries: readonly { readonly expr: string; readonly legend: string }[];
  /** May be empty on a day when nothing goes wrong. */
  readonly quiet?: true;
}

export type Unit = 'req/s' | 's' | '%' | 'bytes' | 'bytes/s' | 'count' | 'count/s' | 'cores';

/** A page of charts, in rows. */
export interface Dashboard {
  readonly title: string;
  readonly rows: readonly { readonly title: string; readonly panels: readonly Panel[] }[];
}

const window = '1m';
const api = 'service="product-api"';

function panel(title: string, unit: Unit, expr: string, legend = ''): Panel {
  return { title, unit, queries: [{ expr, legend }] };
}

function quiet(title: string, unit: Unit, expr: string, legend = ''): Panel {
  return { ...panel(title, unit, expr, legend), quiet: true };
}

/** Seconds within which 50, 95 and 99 of 100 requests are answered, of one histogram. */
function percentiles(title: string, metric: string, selector: string): Panel {
  const queries = [0.5, 0.95, 0.99].map((share) => ({
    expr: `histogram_quantile(${share}, sum by (le) (rate(${metric}_bucket{${selector}}[${window}])))`,
    legend: `p${share * 100}`,
  }));
  return { title, unit: 's', queries };
}

/** The 99th percentile of each `label`. */
function slowest(title: string, metric: string, selector: string, label: string): Panel {
  const expr = `histogram_quantile(0.99, sum by (le, ${label}) (rate(${metric}_bucket{${selector}}[${window}])))`;
  return panel(title, 's', expr, `{{${label}}}`);
}

const nginxSeconds = 'nginx_http_request_duration_seconds';
const appSeconds = 'http_request_duration_seconds';
const http = 'nginx_http_requests_total';

/** What is slow, what is full, what failed. */
const overview: Dashboard = {
  title: 'Overview',
  rows: [
    {
      title: 'What is slow, what is full, what failed',
      panels: [
        panel('Requests', 'req/s', `sum(rate(${http}{service="edge"}[${window}]))`, 'requests'),
        quiet(
          'Failed: answers of 500 and above',
          'req/s',
          `sum by (status, route) (rate(${http}{service="edge",status=~"5.."}[${window}]))`,
          '{{status}} {{route}}',
        ),
        percentiles('Time to answer', nginxSeconds, 'service="edge"'),
        slowest('Slowest routes (p99)', nginxSeconds, 'service="edge"', 'route'),
        panel('Replicas that answer', 'count', 'sum by (service) (up)', '{{service}}'),
        panel('Replicas that should', 'count', 'product_wanted_replicas', '{{service}}'),
        panel('Releases', 'count', 'sum by (service, release) (product_release)', '{{service}} {{release}}'),
        quiet('Alerts', 'count', 'sum by (alertname, alertstate) (ALERTS)', '{{alertname}} {{alertstate}}'),
        panel(
          'Connections of Postgres, of those it accepts',
          '%',
          '100 * sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
          'used',
        ),
        panel('Size of the database', 'bytes', 'pg_database_size_bytes{datname="product"}', '{{datname}}'),
        panel('Free disk', 'bytes', 'min(vm_free_disk_space_bytes)', 'free'),
        panel('Size of the metrics', 'bytes', 'sum(vm_data_size_bytes)', 'metrics'),
      ],
    },
  ],
};

const pool: Panel[] = [
  panel(
    'Connections to Postgres in use',
    'count',
    `sum by (replica) (database_pool_connections{${api},state="busy"})`,
    '{{replica}}',
  ),
  panel('Requests that wait for a connection', 'count', `database_pool_waiting{${api}}`, '{{replica}}'),
];

const services: Dashboard = {
  title: 'Services',
  rows: ['product-api', 'storefront'].map((name) => {
    const own = `service="${name}"`;
    return {
      title: name,
      panels: [
        panel(
          'Requests by replica',
          'req/s',
          `sum by (replica) (rate(${appSeconds}_count{${own}}[${window}]))`,
          '{{replica}}',
        ),
        percentiles('Time to answer', appSeconds, own),
        slowest('Slowest routes (p99)', appSeconds, own, 'route'),
        quiet(
          'Refused and failed',
          'req/s',
          `sum by (status, route) (rate(${appSeconds}_count{${own},status=~"[45].."}[${window}]))`,
          '{{status}} {{route}}',
        ),
        panel('Event-loop lag (p99)', 's', `nodejs_eventloop_lag_p99_seconds{${own}}`, '{{replica}}'),
        panel('CPU', 'cores', `rate(process_cpu_seconds_total{${own}}[${window}])`, '{{replica}}'),
        panel('Memory', 'bytes', `process_resident_memory_bytes{${own}}`, '{{replica}}'),
        ...(name === 'product-api' ? pool : []),
      ],
    };
  }),
};

const loadBalancers: Dashboard = {
  title: 'Load balancers',
  rows: ['edge', 'gateway'].map((name) => {
    const own = `service="${name}"`;
    return {
      title: name,
      panels: [
        panel('Requests by route', 'req/s', `sum by (route) (rate(${http}{${own}}[${window}]))`, '{{route}}'),
        panel(
          'Answers by status',
          'req/s',
          `sum by (status) (rate(${http}{${own}}[${window}]))`,
          '{{status}}',
        ),
        percentiles('Time to answer', nginxSeconds, own),
        slowest('Slowest routes (p99)', nginxSeconds, own, 'route'),
        quiet(
          'Retries: asked a second replica',
          'req/s',
          `sum by (upstream) (rate(nginx_upstream_retries_total{${own}}[${window}]))`,
          '{{upstream}}',
        ),
        panel('Open connections', 'count', `nginx_connections_active{${own}}`, 'open'),
      ],
    };
  }),
};

const product = 'datname="product"';
const rowsTouched: Panel = {
  title: 'Rows',
  unit: 'count/s',
  queries: ['fetched', 'inserted', 'updated', 'deleted'].map((what) => ({
    expr: `rate(pg_stat_database_tup_${what}{${product}}[${window}])`,
    legend: what,
  })),
};

const postgres: Dashboard = {
  title: 'Postgres',
  rows: [
    {
      title: 'Work',
      panels: [
        panel(
          'Transactions',
          'count/s',
          `rate(pg_stat_database_xact_commit{${product}}[${window}])`,
          'committed',
        ),
        panel(
          'Rolled back',
          'count/s',
          `rate(pg_stat_database_xact_rollback{${product}}[${window}])`,
          'rolled back',
        ),
        rowsTouched,
        panel(
          'Read from memory, not the disk',
          '%',
          `100 * rate(pg_stat_database_blks_hit{${product}}[5m]) / (rate(pg_stat_database_blks_hit{${product}}[5m]) + rate(pg_stat_database_blks_read{${product}}[5m]))`,
          'hits',
        ),
      ],
    },
    {
      title: 'What it waits for',
      panels: [
        panel(
          'Connections by state',
          'count',
          `sum by (state) (pg_stat_activity_count{${product}})`,
          '{{state}}',
        ),
        quiet('Locks', 'count', `sum by (mode) (pg_locks_count{${product}}) > 0`, '{{mode}}'),
        panel('Oldest transaction', 's', 'max(pg_stat_activity_max_tx_duration)', 'seconds'),
        quiet('Deadlocks', 'count/s', `rate(pg_stat_database_deadlocks{${product}}[5m])`, 'deadlocks'),
      ],
    },
    {
      title: 'Statements',
      panels: [
        panel(
          'Time by statement',
          's',
          'topk(5, sum by (queryid) (rate(pg_stat_statements_seconds_total{datname="product"}[5m])) / sum by (queryid) (rate(pg_stat_statements_calls_total{datname="product"}[5m])))',
          '{{queryid}}',
        ),
        panel(
          'Calls by statement',
          'count/s',
          'topk(5, sum by (queryid) (rate(pg_stat_statements_calls_total[5m])))',
          'queryid {{queryid}}',
        ),
        panel('Size', 'bytes', 'pg_database_size_bytes', '{{datname}}'),
      ],
    },
  ],
};

const containers: Dashboard = {
  title: 'Containers',
  rows: [
    {
      title: 'By replica',
      panels: [
        panel(
          'CPU',
          'cores',
          `sum by (name) (rate(container_cpu_usage_seconds_total[${window}]))`,
          '{{name}}',
        ),
        panel(
          'Held back by its CPU limit: share of the time',
          '%',
          `100 * sum by (name) (rate(container_cpu_cfs_throttled_periods_total[${window}])) / (sum by (name) (rate(container_cpu_cfs_periods_total[${window}])) > 0)`,
          '{{name}}',
        ),
        panel(
          'Memory, of its limit',
          '%',
          '100 * sum by (name) (container_memory_working_set_bytes / container_spec_memory_limit_bytes)',
          '{{name}}',
        ),
        panel('Memory', 'bytes', 'sum by (name) (container_memory_working_set_bytes)', '{{name}}'),
        panel(
          'Received',
          'bytes/s',
          `sum by (name) (rate(container_network_receive_bytes_total[${window}]))`,
          '{{name}}',
        ),
        panel(
          'Sent',
          'bytes/s',
          `sum by (name) (rate(container_network_transmit_bytes_total[${window}]))`,
          '{{name}}',
        ),
        panel('Healthy', 'count', 'sum by (service) (container_healthy)', '{{service}}'),
        quiet('Restarts', 'count', 'sum by (name) (container_restarts_total) > 0', '{{name}}'),
      ],
    },
  ],
};

/** The pages that need container-metrics. */
const needSocket: readonly Dashboard[] = [containers];

/** Every page, in the order in which they are shown. */
export const dashboards: readonly Dashboard[] = [overview, services, loadBalancers, postgres, containers];

/** The pages of a stack, which may not let anything see its containers. */
export function dashboardsOf({ seesContainers }: { seesContainers: boolean }): Dashboard[] {
  return dashboards.filter((page) => seesContainers || !needSocket.includes(page));
}
