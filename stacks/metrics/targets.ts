import { backupUpload } from '../backup-upload.ts';
import { backups } from '../backup.ts';
import { seesDatabase } from './passwords.ts';
import type { Settings } from '../settings.ts';

/** What the store reads over http, every few seconds. */
export interface Target {
  /** The service that answers. */
  readonly service: string;
  /** The service that the figures are about. */
  readonly about: string;
  readonly port: number;
  /** How many answer when all is well. */
  readonly replicas: number;
}

/** Seconds between two readings. */
export const scrapeSeconds = 5;

/** The port on which our apps show their metrics; nothing but the store asks there. */
export const appMetricsPort = 9464;

/** Whether product-api and storefront are ours, and so show metrics; other images are seen from edge and gateway alone. */
export function showsMetrics(settings: Settings, app: 'productApi' | 'storefront'): boolean {
  return settings.metrics && settings[`${app}Image`] === undefined;
}

/** The services that make backups, keep the log, and copy backups elsewhere, which tell the store by themselves (database/backup/metrics.sh). */
export function tellers(settings: Settings): string[] {
  const all = [...backups(settings), ...backupUpload(settings)];
  return settings.metrics ? all.map(({ name }) => name) : [];
}

/** Everything that the store reads. */
export function targets(settings: Settings): Target[] {
  const nginx = [
    { service: 'edge', about: 'edge', port: 9113, replicas: 1 },
    { service: 'gateway', about: 'gateway', port: 9113, replicas: settings.gatewayReplicas },
  ];
  const apps = [
    { app: 'storefront', service: 'storefront', replicas: settings.storefrontReplicas },
    { app: 'productApi', service: 'product-api', replicas: settings.replicas },
  ] as const;
  return [
    ...nginx,
    ...apps
      .filter(({ app }) => showsMetrics(settings, app))
      .map(({ service, replicas }) => ({ service, about: service, port: appMetricsPort, replicas })),
    ...(seesDatabase(settings)
      ? [{ service: 'database-metrics', about: 'database', port: 9187, replicas: 1 }]
      : []),
    { service: 'alerts', about: 'alerts', port: 8880, replicas: 1 },
  ];
}
