import { flag, hostPort, imageReference, ipv4Address, whole } from '../setting-kinds.ts';
import { key } from './key.ts';

/** Metrics and alerts. */
export const metricsKeys = {
  metrics: key(
    flag(),
    false,
    'a metrics store with dashboards and alerts, and what it reads from every service',
    'adds metrics, and replaces what it reads',
  ),
  'metrics.address': key(
    ipv4Address(),
    '127.0.0.1',
    'host address that the dashboards are on; they have no password',
    'replaces metrics',
  ),
  'metrics.port': key(hostPort(8428), 8428, 'host port of the dashboards', 'replaces metrics'),
  'metrics.keepDays': key(whole(1, 3650, 30), 15, 'days that metrics are kept', 'replaces metrics'),
  'metrics.diskMiB': key(
    whole(64, 1_000_000, 8192),
    4096,
    'room that the metrics of keepDays may take; it limits how many series there may be',
    'replaces metrics',
  ),
  'metrics.storeImage': key(
    imageReference(),
    'victoriametrics/victoria-metrics:v1.148.8',
    'image of the metrics store',
    'replaces metrics',
  ),
  'metrics.alertsImage': key(
    imageReference(),
    'victoriametrics/vmalert:v1.148.8',
    'image of what evaluates the alerts',
    'replaces alerts',
  ),
  'metrics.postgresImage': key(
    imageReference(),
    'prometheuscommunity/postgres-exporter:v0.19.1',
    'image of what reads the metrics of Postgres',
    'replaces database-metrics',
  ),
  'metrics.dockerGroup': key(
    whole(1, 999_999_999, 999),
    undefined,
    'gid of /var/run/docker.sock on the engine: lets one more container read what each container uses; see docs/metrics.md',
    'adds or replaces container-metrics',
  ),
} as const;
