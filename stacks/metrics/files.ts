import { stringify } from 'yaml';
import type { Settings } from '../settings.ts';
import type { FileEntry } from '../topology.ts';
import { seesContainers } from './containers.ts';
import { scrapeSeconds, targets, tellers } from './targets.ts';

/** Of what tells much more than anybody looks at: the metrics that are kept. */
const kept: Readonly<Record<string, string>> = {
  metrics:
    'vm_(free_disk_space_bytes|total_disk_space_bytes|data_size_bytes|(hourly|daily)_series_limit_.*)|process_(cpu|resident).*',
  alerts: 'vmalert_.*_errors_total|vmalert_iteration_total|process_(cpu|resident).*',
  database:
    'pg_(up|stat|locks|database|long_running|postmaster|settings_max_connections)[a-z_]*|process_(cpu|resident).*',
};

function keep(regex: string) {
  return { source_labels: ['__name__'], regex, action: 'keep' };
}

/** What the store reads, in the words of Prometheus' scrape_config. Replicas come and go by the service's name in Docker's DNS. */
export function scrapeConfig(settings: Settings): FileEntry {
  const named = targets(settings).map(({ service, about, port }) => ({
    job_name: about,
    dns_sd_configs: [{ names: [service], type: 'A', port }],
    relabel_configs: [{ target_label: 'service', replacement: about }],
    ...(about in kept && { metric_relabel_configs: [keep(kept[about]!)] }),
  }));
  const itself = {
    job_name: 'metrics',
    static_configs: [{ targets: ['127.0.0.1:8428'], labels: { service: 'metrics' } }],
    metric_relabel_configs: [keep(kept['metrics']!)],
  };
  const config = {
    global: { scrape_interval: `${scrapeSeconds}s`, scrape_timeout: '4s' },
    scrape_configs: [...named, itself],
  };
  return { path: 'scrape.yml', content: stringify(config) };
}

/** How many replicas there should be, and whether containers are seen, as recording rules: what the alerts compare with. */
export function wanted(settings: Settings): FileEntry {
  const others = tellers(settings).map((about) => ({ about, replicas: 1 }));
  const rules = [...targets(settings), ...others].map(({ about, replicas }) => ({
    record: 'product_wanted_replicas',
    expr: `vector(${replicas})`,
    labels: { service: about },
  }));
  const sees = seesContainers(settings) ? [{ record: 'product_sees_containers', expr: 'vector(1)' }] : [];
  const groups = [{ name: 'wanted', interval: '5s', rules: [...rules, ...sees] }];
  return { path: 'wanted.yml', content: stringify({ groups }) };
}
