import { Client } from 'undici';
import { docker } from '../tests/e2e/support/run.ts';

/** The engine's own counters of a container. */
export interface Usage {
  /** CPU time since it started, microseconds. */
  readonly cpu: number;
  /** Memory without what is only cached files, MiB. */
  readonly memory: number;
  /** Memory of the processes alone: neither cached files nor what they share, MiB. */
  readonly anonymous: number;
}

interface Stats {
  cpu_stats: { cpu_usage: { total_usage: number } };
  memory_stats: { usage?: number; stats?: Record<string, number> };
}

/** Reads the counters of containers; `docker stats` shows only percentages. */
export async function usage(ids: readonly string[]): Promise<Usage[]> {
  const client = new Client('http://engine', { socketPath: '/var/run/docker.sock' });
  try {
    return await Promise.all(ids.map((id) => one(client, id)));
  } finally {
    await client.close();
  }
}

async function one(client: Client, id: string): Promise<Usage> {
  const path = `/containers/${id}/stats?stream=false&one-shot=true`;
  const { body } = await client.request({ method: 'GET', path });
  const { cpu_stats: cpu, memory_stats: memory } = (await body.json()) as Stats;
  // As `docker stats` does it, for cgroup v1 and v2.
  const cached = memory.stats?.['total_inactive_file'] ?? memory.stats?.['inactive_file'] ?? 0;
  const anonymous = memory.stats?.['total_rss'] ?? memory.stats?.['anon'] ?? 0;
  return {
    cpu: cpu.cpu_usage.total_usage / 1000,
    memory: ((memory.usage ?? 0) - cached) / 2 ** 20,
    anonymous: anonymous / 2 ** 20,
  };
}

/** A container's address on a network. */
export async function addressOn(network: string, id: string): Promise<string> {
  const format = `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`;
  const address = await docker('inspect', '--format', format, id);
  if (!address) throw new Error(`${id} is not on ${network}`);
  return address;
}
