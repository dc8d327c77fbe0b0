import {
  helpful,
  http,
  nginxSeconds,
  panel,
  percentiles,
  quiet,
  slowest,
  window,
  type Dashboard,
  type Panel,
} from './panel.ts';

const failed = `sum(rate(${http}{service="edge",status=~"5.."}[${window}]))`;
const all = `sum(rate(${http}{service="edge"}[${window}]))`;

const slow: Panel[] = [
  panel('Requests', 'req/s', all, 'requests'),
  percentiles('Time to answer', nginxSeconds, 'service="edge"'),
  slowest('Slowest routes (p99)', nginxSeconds, 'service="edge"', 'route'),
  panel('Releases', 'count', 'sum by (service, release) (product_release)', '{{service}} {{release}}'),
];

const full: Panel[] = [
  helpful(
    'More than 80 is near the end: databaseMaxConnections, or fewer replicas.',
    panel(
      'Connections of Postgres, of those it accepts',
      '%',
      '100 * sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
      'used',
    ),
  ),
  helpful(
    'Ended by the kernel at 100: productApiMemory, storefrontMemory.',
    panel(
      'Memory, of what a replica may have',
      '%',
      '100 * max by (replica) (process_resident_memory_bytes / (process_memory_limit_bytes > 0))',
      '{{replica}}',
    ),
  ),
  panel(
    'Disk used',
    '%',
    '100 * max(1 - vm_free_disk_space_bytes / vm_total_disk_space_bytes)',
    'of the disk with the volumes',
  ),
  {
    title: 'Room that is taken',
    unit: 'bytes',
    queries: [
      { expr: 'pg_database_size_bytes{datname="product"}', legend: 'database' },
      { expr: 'sum(vm_data_size_bytes)', legend: 'metrics' },
    ],
  },
];

const failing: Panel[] = [
  helpful('0 is normal. Which route: Load balancers.', {
    title: 'Failed, of all requests',
    unit: '%',
    queries: [{ expr: `100 * (${failed} or vector(0)) / ${all}`, legend: 'answers of 500 and above' }],
  }),
  {
    title: 'Replicas that answer, of those wanted',
    unit: '%',
    help: '100 is normal; more while a release or a scaling is on its way.',
    queries: [
      {
        expr: '100 * (sum by (service) (up) or 0 * product_wanted_replicas) / on (service) product_wanted_replicas',
        legend: '{{service}}',
      },
      { expr: '100 * max(pg_up)', legend: 'Postgres itself' },
    ],
  },
  quiet(
    'Retries: asked a second replica',
    'req/s',
    `sum by (service, upstream) (rate(nginx_upstream_retries_total[${window}]))`,
    '{{service}} → {{upstream}}',
  ),
  quiet('Alerts', 'count', 'sum by (alertname, alertstate) (ALERTS)', '{{alertname}} {{alertstate}}'),
];

/** What is slow, what failed, what is full. */
export const overview: Dashboard = {
  title: 'Overview',
  // One row: the store's page opens only the first.
  rows: [{ title: 'What is slow, what failed, what is full', panels: [...slow, ...failing, ...full] }],
};
