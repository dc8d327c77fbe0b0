import type { Inspected, Listed, Stats } from './engine.ts';

/** What is known of one container; `stats` only while it runs. */
export interface Seen {
  readonly listed: Listed;
  readonly inspected: Inspected;
  readonly stats: Stats | undefined;
}

/** All of it as Prometheus' text, under cAdvisor's names where it has one. Pure. */
export function metricsText(all: readonly Seen[]): string {
  return all.flatMap(lines).join('\n') + '\n';
}

function lines({ listed, inspected, stats }: Seen): string[] {
  const values = { ...ofState(listed, inspected), ...(stats && ofStats(stats)) };
  const service = listed.Labels['product-stack.service'] ?? '';
  const name = (listed.Names[0] ?? '').replace(/^\//, '');
  const labels = `service="${service}",replica="${name}"`;
  return Object.entries(values).map(([metric, value]) => `${metric}{${labels}} ${value}`);
}

function ofState({ State }: Listed, { RestartCount, State: { StartedAt, Health }, HostConfig }: Inspected) {
  return {
    container_running: State === 'running' ? 1 : 0,
    container_healthy: Health?.Status === 'healthy' ? 1 : 0,
    container_restarts_total: RestartCount,
    container_start_time_seconds: Math.round(Date.parse(StartedAt) / 1000),
    container_spec_memory_limit_bytes: HostConfig.Memory,
    container_spec_cpu_cores: HostConfig.NanoCpus / 1e9,
  };
}

function ofStats({ cpu_stats: cpu, memory_stats: memory, networks = {} }: Stats) {
  const sum = (what: 'rx_bytes' | 'tx_bytes') =>
    Object.values(networks).reduce((all, one) => all + one[what], 0);
  return {
    container_cpu_usage_seconds_total: cpu.cpu_usage.total_usage / 1e9,
    container_cpu_cfs_periods_total: cpu.throttling_data?.periods ?? 0,
    container_cpu_cfs_throttled_periods_total: cpu.throttling_data?.throttled_periods ?? 0,
    container_cpu_cfs_throttled_seconds_total: (cpu.throttling_data?.throttled_time ?? 0) / 1e9,
    container_memory_working_set_bytes: workingSet(memory),
    container_network_receive_bytes_total: sum('rx_bytes'),
    container_network_transmit_bytes_total: sum('tx_bytes'),
  };
}

/** What cannot be given back: without the files that were read and are not in use. Named differently by cgroup v1 and v2. */
function workingSet({ usage = 0, stats = {} }: Stats['memory_stats']): number {
  return Math.max(0, usage - (stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0));
}
