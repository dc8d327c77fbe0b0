import { panel, quiet, window, type Dashboard } from './panel.ts';

/** What each container uses of what it may have. */
export const containers: Dashboard = {
  title: 'Containers',
  rows: [
    {
      title: 'By replica',
      panels: [
        panel(
          'CPU',
          'cores',
          `sum by (replica) (rate(container_cpu_usage_seconds_total[${window}]))`,
          '{{replica}}',
        ),
        panel(
          'Held back by its CPU limit: share of the time',
          '%',
          `100 * sum by (replica) (rate(container_cpu_cfs_throttled_periods_total[${window}])) / (sum by (replica) (rate(container_cpu_cfs_periods_total[${window}])) > 0)`,
          '{{replica}}',
        ),
        panel(
          'Memory, of its limit',
          '%',
          '100 * sum by (replica) (container_memory_working_set_bytes / container_spec_memory_limit_bytes)',
          '{{replica}}',
        ),
        panel('Memory', 'bytes', 'sum by (replica) (container_memory_working_set_bytes)', '{{replica}}'),
        panel(
          'Received',
          'bytes/s',
          `sum by (replica) (rate(container_network_receive_bytes_total[${window}]))`,
          '{{replica}}',
        ),
        panel(
          'Sent',
          'bytes/s',
          `sum by (replica) (rate(container_network_transmit_bytes_total[${window}]))`,
          '{{replica}}',
        ),
        panel('Healthy', 'count', 'sum by (service) (container_healthy)', '{{service}}'),
        quiet('Restarts', 'count', 'sum by (replica) (container_restarts_total) > 0', '{{replica}}'),
      ],
    },
  ],
};
