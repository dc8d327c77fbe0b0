import { service } from '../service.ts';
import type { Settings } from '../settings.ts';
import type { DataVolume, Link, Password, Service } from '../topology.ts';
import { dashboardFiles } from './vmui.ts';
import { endsWithFailure } from './ending.ts';
import { scrapeConfig, wanted } from './files.ts';
import { containerMetrics, seesContainers } from './containers.ts';
import { databasePassword, metricsPasswords, seesDatabase, storeKey } from './passwords.ts';
import { mostSeries } from './room.ts';
import { targets, tellers } from './targets.ts';

/** The volume with the metrics. */
export const metricsVolume = 'metrics-data';

const files = '/etc/product-stack';
const storePort = 8428;

/** The store with its dashboards, what evaluates the alerts, and what asks Postgres; nothing where the stack has no metrics. */
export function metrics(settings: Settings): Service[] {
  if (!settings.metrics) return [];
  return [
    store(settings),
    alerts(settings),
    ...(seesDatabase(settings) ? [databaseMetrics(settings)] : []),
    ...containerMetrics(settings),
  ];
}

/** The store asks everything that has figures; each way is a network of its own. */
export function metricsLinks(settings: Settings): Link[] {
  if (!settings.metrics) return [];
  return [
    ...targets(settings).map(({ service }) => ({ from: 'metrics', to: service })),
    { from: 'alerts', to: 'metrics' },
    ...(seesDatabase(settings) ? [{ from: 'database-metrics', to: 'database' }] : []),
    ...(seesContainers(settings) ? [{ from: 'container-metrics', to: 'metrics' }] : []),
    ...tellers(settings).map((from) => ({ from, to: 'metrics' })),
  ];
}

/** Where the metrics are. */
export function metricsVolumes({ metrics }: Settings): DataVolume[] {
  return metrics ? [{ name: metricsVolume }] : [];
}

/** What the metrics' services know that nobody else does. */
export function allMetricsPasswords(settings: Settings): Password[] {
  return settings.metrics ? [...metricsPasswords(settings), { name: storeKey, length: 32 }] : [];
}

/**
 * VictoriaMetrics: takes Prometheus' scrape configuration and queries, and shows dashboards from files, in one small container.
 * https://docs.victoriametrics.com/victoriametrics/single-server-victoriametrics/
 */
function store(settings: Settings): Service {
  return service('metrics', {
    image: settings['metrics.storeImage'],
    entrypoint: endsWithFailure('/victoria-metrics-prod'),
    command: storeFlags(settings),
    // The one folder of the image that any user may write to; a fresh volume takes that over from it.
    volumes: [{ volume: metricsVolume, target: '/var/tmp' }],
    files: { target: files, entries: [scrapeConfig(settings), ...dashboardFiles(settings)] },
    secrets: [storeKey],
    memoryMiB: 256,
    port: storePort,
    healthy: get(storePort),
    publish: [
      {
        setting: 'metrics.port',
        address: settings['metrics.address'],
        hostPort: settings['metrics.port'],
        containerPort: storePort,
      },
    ],
  });
}

/** What the store does for nobody: each has a flag of its name with AuthKey behind it. */
const guarded = [
  'delete',
  'snapshot',
  'flags',
  'pprof',
  'config',
  'reload',
  'forceMerge',
  'forceFlush',
  'logNewSeries',
  'metricNamesStatsReset',
  'search.resetCache',
];

function storeFlags(settings: Settings): string[] {
  const series = String(mostSeries(settings));
  return flags({
    httpListenAddr: `:${storePort}`,
    storageDataPath: '/var/tmp/metrics',
    retentionPeriod: `${settings['metrics.keepDays']}d`,
    'storage.maxHourlySeries': series,
    'storage.maxDailySeries': String(3 * Number(series)),
    'storage.minFreeDiskSpaceBytes': '1GiB',
    'promscrape.config': `${files}/scrape.yml`,
    'promscrape.configCheckInterval': '2s',
    'promscrape.dnsSDCheckInterval': '2s',
    'search.latencyOffset': '1s',
    'vmui.customDashboardsPath': `${files}/dashboards`,
    'vmalert.proxyURL': 'http://alerts:8880',
    'http.disableCORS': 'true',
    ...Object.fromEntries(guarded.map((key) => [`${key}AuthKey`, `file:///run/secrets/${storeKey}`])),
  });
}

/** vmalert evaluates the rules, writes what fires back into the store, and shows it there under Alerting. */
function alerts(settings: Settings): Service {
  const url = `http://metrics:${storePort}`;
  return service('alerts', {
    image: settings['metrics.alertsImage'],
    entrypoint: endsWithFailure('/vmalert-prod'),
    command: flags({
      'datasource.url': url,
      'remoteWrite.url': url,
      'remoteRead.url': url,
      'notifier.blackhole': 'true',
      rule: `${files}/*.yml`,
      configCheckInterval: '2s',
      evaluationInterval: '5s',
      // What is gone is gone; by default a series that ended without a word would be taken for alive for five minutes.
      'datasource.queryStep': '30s',
      'rule.evalDelay': '2s',
      'remoteWrite.flushInterval': '1s',
    }),
    files: {
      target: files,
      entries: [{ path: 'alerts.yml', source: 'metrics/alerts.yml' }, wanted(settings)],
    },
    memoryMiB: 96,
    cpus: 0.5,
    after: ['metrics'],
    port: 8880,
    healthy: get(8880),
  });
}

/** The exporter that Prometheus' own community keeps. https://github.com/prometheus-community/postgres_exporter */
function databaseMetrics(settings: Settings): Service {
  return service('database-metrics', {
    image: settings['metrics.postgresImage'],
    command: [
      '--no-collector.wal',
      '--collector.stat_statements',
      '--collector.stat_statements.include_query',
      '--collector.long_running_transactions',
      '--collector.database_wraparound',
    ],
    env: {
      DATA_SOURCE_URI: 'database:5432/postgres?sslmode=disable',
      DATA_SOURCE_USER: 'product_metrics',
      DATA_SOURCE_PASS_FILE: `/run/secrets/${databasePassword}`,
    },
    secrets: [databasePassword],
    memoryMiB: 64,
    cpus: 0.5,
    after: ['database'],
    port: 9187,
    healthy: 'wget -q -T 4 -O /dev/null http://127.0.0.1:9187/',
  });
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).map(([name, value]) => `-${name}=${value}`);
}

function get(port: number): string {
  return `wget -q -T 4 -O /dev/null http://127.0.0.1:${port}/health`;
}
