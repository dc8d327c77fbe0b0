import { http, nginxSeconds, panel, percentiles, quiet, slowest, window, type Dashboard } from './panel.ts';

/** edge and gateway, route by route. */
export const loadBalancers: Dashboard = {
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
