import {
  appSeconds,
  panel,
  percentiles,
  quiet,
  slowest,
  window,
  type Dashboard,
  type Panel,
} from './panel.ts';

const api = 'service="product-api"';
const pool: Panel[] = [
  panel(
    'Connections to Postgres in use',
    'count',
    `sum by (replica) (database_pool_connections{${api},state="busy"})`,
    '{{replica}}',
  ),
  panel('Requests that wait for a connection', 'count', `database_pool_waiting{${api}}`, '{{replica}}'),
];

/** product-api and storefront from inside, replica by replica. */
export const services: Dashboard = {
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
