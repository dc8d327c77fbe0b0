import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Engine, type Inspected, type Listed, type Stats } from '../container-metrics/engine.ts';
import { metricsText } from '../container-metrics/figures.ts';

const listed: Listed = {
  Id: '0123456789abcdef',
  Names: ['/product-api-1-abc'],
  Labels: { 'product-stack.service': 'product-api' },
  State: 'running',
};
const inspected: Inspected = {
  RestartCount: 2,
  State: { StartedAt: '2026-01-02T03:04:05.6Z', Health: { Status: 'healthy' } },
  HostConfig: { Memory: 268435456, NanoCpus: 1_500_000_000 },
};
const stats: Stats = {
  cpu_stats: {
    cpu_usage: { total_usage: 2_500_000_000 },
    throttling_data: { periods: 10, throttled_periods: 3, throttled_time: 500_000_000 },
  },
  memory_stats: { usage: 1000, stats: { inactive_file: 300 } },
  networks: {
    eth0: { rx_bytes: 5, tx_bytes: 7, rx_dropped: 0, tx_dropped: 0 },
    eth1: { rx_bytes: 10, tx_bytes: 20, rx_dropped: 0, tx_dropped: 0 },
  },
};
const labels = '{service="product-api",replica="product-api-1-abc"}';

describe('metrics of containers', () => {
  it('are text that Prometheus reads', () => {
    expect(metricsText([{ listed, inspected, stats }]).trim().split('\n')).to.deep.equal([
      `container_running${labels} 1`,
      `container_healthy${labels} 1`,
      `container_restarts_total${labels} 2`,
      `container_start_time_seconds${labels} 1767323046`,
      `container_spec_memory_limit_bytes${labels} 268435456`,
      `container_spec_cpu_cores${labels} 1.5`,
      `container_cpu_usage_seconds_total${labels} 2.5`,
      `container_cpu_cfs_periods_total${labels} 10`,
      `container_cpu_cfs_throttled_periods_total${labels} 3`,
      `container_cpu_cfs_throttled_seconds_total${labels} 0.5`,
      `container_memory_working_set_bytes${labels} 700`,
      `container_network_receive_bytes_total${labels} 15`,
      `container_network_transmit_bytes_total${labels} 27`,
    ]);
  });

  it('say of one that is down only that, and what it was', () => {
    const down = metricsText([{ listed: { ...listed, State: 'exited' }, inspected, stats: undefined }]);
    expect(down).to.contain(`container_running${labels} 0`).and.not.to.contain('cpu_usage');
  });

  for (const [memory, bytes] of [
    [{ usage: 1000, stats: { total_inactive_file: 400, inactive_file: 1 } }, 600],
    [{ usage: 100, stats: { inactive_file: 300 } }, 0],
    [{}, 0],
  ] as const)
    it(`count ${JSON.stringify(memory)} as ${bytes} bytes`, () => {
      const text = metricsText([{ listed, inspected, stats: { ...stats, memory_stats: memory } }]);
      expect(text).to.contain(`container_memory_working_set_bytes${labels} ${bytes}\n`);
    });
});

describe('the engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const socket = join(folder, 'docker.sock');
  const asked: string[] = [];
  let server: Server;
  before((done) => {
    server = createServer(({ method, url }, response) => {
      asked.push(`${method} ${decodeURIComponent(url!)}`);
      if (url!.includes('gone')) response.writeHead(404).end('{"message":"No such container: gone"}');
      else response.end('[]');
    }).listen(socket, done);
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  it('is only asked, never told', async () => {
    const engine = new Engine(socket);
    await engine.list(['product-stack.stack=x']);
    await engine.inspect('a');
    await engine.stats('a');
    expect(asked).to.deep.equal([
      'GET /containers/json?all=true&filters={"label":["product-stack.stack=x"]}',
      'GET /containers/a/json',
      'GET /containers/a/stats?stream=false&one-shot=true',
    ]);
  });

  it('fails in its own words', async () => {
    const said = await new Engine(socket).inspect('gone').catch((error: Error) => error.message);
    expect(said).to.equal('the engine answered 404: {"message":"No such container: gone"}');
  });
});
