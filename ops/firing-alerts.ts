import type { DockerCli } from '../engine/docker-cli.ts';
import type { StackContainer } from './stack-containers.ts';

/** An alert that fires now. */
export interface FiringAlert {
  readonly alert: string;
  /** `critical` or `warning`. */
  readonly severity: string;
  readonly summary: string;
  /** What to do about it. */
  readonly do: string;
}

/** What fires now, critical ones first; nothing where the stack has no metrics, or its alerts do not answer. */
export async function firingAlerts(
  docker: DockerCli,
  containers: readonly StackContainer[],
): Promise<FiringAlert[]> {
  const alerts = containers.find(({ service, state }) => service === 'alerts' && state === 'running');
  if (!alerts) return [];
  const ask = ['exec', alerts.id, 'wget', '-q', '-T', '3', '-O-', 'http://127.0.0.1:8880/api/v1/alerts'];
  return parseAlerts(await docker.run(...ask).catch(() => '{}'));
}

/** The same of a Swarm, whose managers cannot look into containers of other nodes: what the store shows of them at `url`. */
export async function firingAlertsAt(url: string): Promise<FiringAlert[]> {
  try {
    const answer = await fetch(`${url}/api/v1/alerts`, { signal: AbortSignal.timeout(3000) });
    return parseAlerts(await answer.text());
  } catch {
    return [unseenAt(url)];
  }
}

/** That nothing is known is not that all is well. */
function unseenAt(url: string): FiringAlert {
  return {
    alert: 'AlertsUnseen',
    severity: 'warning',
    summary: `whether alerts fire cannot be seen, as ${url} does not answer here`,
    do: 'Run this where metrics.port of the node with the data is reached; npm run logs -- metrics shows its last words.',
  };
}

/** The answer of `/api/v1/alerts`, as Prometheus' API has it: https://prometheus.io/docs/prometheus/latest/querying/api/#alerts */
export function parseAlerts(text: string): FiringAlert[] {
  const { data } = JSON.parse(text) as { data?: { alerts: readonly Listed[] } };
  return (data?.alerts ?? [])
    .filter(({ state }) => state === 'firing')
    .map(({ labels, annotations }) => ({
      alert: labels['alertname'] ?? '',
      severity: labels['severity'] ?? '',
      summary: annotations['summary'] ?? '',
      do: annotations['do'] ?? '',
    }))
    .sort((a, b) => a.severity.localeCompare(b.severity) || a.summary.localeCompare(b.summary));
}

interface Listed {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}
