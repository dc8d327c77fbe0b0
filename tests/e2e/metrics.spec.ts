import { statSync } from 'node:fs';
import { expect } from 'chai';
import { labelKeys } from '../../stacks/labels.ts';
import { dashboards } from '../../stacks/metrics/dashboards.ts';
import { alertsInBrowser, visitDashboards } from './metrics/in-browser.ts';
import { MetricsStore } from './support/metrics-store.ts';
import { docker, eventually, run, type Ended } from './support/run.ts';
import { freePort, TestStack } from './support/test-stack.ts';

/** Every query of every chart. */
const charts = dashboards.flatMap(({ title: page, rows }) =>
  rows.flatMap(({ title: row, panels }) =>
    panels.flatMap(({ title, quiet, queries }) =>
      queries.map(({ expr }) => ({ page, row, title, quiet, expr })),
    ),
  ),
);

describe('metrics', () => {
  const stack = new TestStack('metrics');
  const port = freePort();
  const store = new MetricsStore(port);
  const up = () => store.byService('sum by (service) (up)');
  const loading = (...options: string[]) =>
    run('npm', ['run', '-s', 'load', '--', '--url', stack.url, '--max-p99', '20s', ...options], {
      cwd: stack.folder,
    });

  before(async () => {
    const small = {
      replicas: '2',
      storefrontReplicas: '1',
      catalogueSize: '200',
      // Once a year: what the tests see is what they asked for.
      'backup.schedule': '0 0 1 1 *',
      'backup.pointInTime': 'true',
    };
    const dockerGroup = { 'metrics.dockerGroup': String(statSync('/var/run/docker.sock').gid || 1) };
    await stack.init({ metrics: 'true', 'metrics.port': String(port), ...dockerGroup, ...small });
    await stack.upOk();
  });
  after(() => stack.dispose());

  describe('after up', () => {
    it('come from every service, each replica by itself', async () => {
      const all = {
        alerts: 1,
        backup: 1,
        database: 1,
        edge: 1,
        gateway: 1,
        metrics: 1,
        'product-api': 2,
        storefront: 1,
        'wal-archive': 1,
      };
      await eventually(30, `all answer the store: ${JSON.stringify(all)}`, async () => {
        expect(await up()).to.deep.equal(all);
        return true;
      });
      const names = (await stack.containers())
        .map(({ name }) => name)
        .filter((name) => /^product-api-\d/.test(name));
      await eventually(30, `replicas by name: ${names.join(', ')}`, async () => {
        const seen = await store.query('product_release{service="product-api"}');
        expect(seen.map(({ labels }) => labels['replica'])).to.have.members(names);
        return true;
      });
    });
  });

  describe('under load', () => {
    let load: Promise<Ended>;
    before(() => {
      load = loading('--vus', '20', '--duration', '60s');
    });
    after(async () => {
      const { code, output } = await load;
      expect(code, output).to.equal(0);
    });

    for (const { title } of dashboards)
      it(`${title}: every chart has data`, async () => {
        for (const { row, title: chart, expr } of charts.filter(
          ({ page, quiet }) => page === title && !quiet,
        ))
          await eventually(30, `${row}, ${chart}: ${expr}`, async () =>
            (await store.query(expr)).some(({ value }) => Number.isFinite(value)),
          );
      });

    it('every chart that is empty on a good day is understood', async () => {
      for (const { expr } of charts.filter(({ quiet }) => quiet)) await store.query(expr);
    });

    it('edge and gateway count routes, not addresses', async () => {
      const series = await store.query('sum by (service, route) (nginx_http_requests_total)');
      const routes = series.map(({ labels }) => `${labels['service']} ${labels['route']}`);
      expect(routes).to.include.members(['edge /', 'edge /api/products/:id', 'gateway /api/products']);
      expect(routes).to.have.length.below(40);
    });

    it('are drawn in a browser that talks to nobody else', async () => {
      expect(await visitDashboards(store.url)).to.deep.equal([]);
    });

    it('no critical alert fires while all is well, also after a scaling, and a new replica is seen', async () => {
      expect(await store.firing()).to.deep.equal([]);
      await stack.configure({ replicas: '3' });
      await stack.upOk();
      await eventually(30, 'three replicas answer', async () => (await up())['product-api'] === 3);
      await stack.configure({ replicas: '2' });
      await stack.upOk();
      await eventually(30, 'two replicas answer', async () => (await up())['product-api'] === 2);
      expect(await store.firing()).to.deep.equal([]);
    });
  });

  describe('when something happens', () => {
    it('under load: see a replica that is killed within 30 s, and an alert fires and clears', async () => {
      const browsing = loading('--mix', 'browse', '--vus', '20', '--duration', '60s');
      const rate = 'sum(rate(nginx_http_requests_total{service="edge"}[10s]))';
      await eventually(30, 'pages are asked for', async () => (await store.query(rate))[0]!.value > 10);
      const [victim] = await stack.replicas('product-api');
      await docker('kill', victim!);
      await eventually(30, 'one replica answers', async () => (await up())['product-api'] === 1);
      const missing = 'ReplicaMissing product-api';
      await eventually(90, 'the alert fires', async () => (await store.firing()).includes(missing));
      await alertsInBrowser(store.url, 'ReplicaMissing');
      const { code: status, output: said } = await run(
        'npm',
        ['run', '-s', 'status', '--', '--stack', stack.name],
        {
          cwd: stack.folder,
        },
      );
      expect(status, said).to.equal(1);
      expect(said).to.contain(
        'critical: product-api has fewer replicas that answer than the 2 it should have.',
      );
      for (const { row, title, expr } of charts.filter(
        ({ page, title }) => page === 'Overview' && /Retries|Alerts/.test(title),
      ))
        expect(await store.query(expr), `${row}, ${title}`).not.to.deep.equal([]);
      await docker('start', victim!);
      await eventually(30, 'both replicas answer', async () => (await up())['product-api'] === 2);
      await eventually(60, 'the alert clears', async () => !(await store.firing()).includes(missing));
      const { code, output } = await browsing;
      expect(code, `no page is lost\n${output}`).to.equal(0);
    });

    it('an alert fires while Postgres is away, though its exporter answers', async () => {
      const [database] = await stack.replicas('database');
      await docker('stop', database!);
      const down = 'DatabaseDown database';
      await eventually(60, 'the alert fires', async () => (await store.firing()).includes(down));
      await docker('start', database!);
      await eventually(60, 'the alert clears', async () => !(await store.firing()).includes(down));
    });

    it('see a backup, and one that fails: an alert fires, and clears after the next', async () => {
      const [backup] = await stack.replicas('backup');
      const dump = (...env: string[]) =>
        run('docker', ['exec', ...env, backup!, 'bash', '/etc/product-stack/backup/dump.sh', 'asked']);
      const failed = await dump('--env', 'PGUSER=nobody');
      expect(failed.code, failed.output).not.to.equal(0);
      const alert = 'BackupFailed backup';
      await eventually(60, 'the alert fires', async () => (await store.firing()).includes(alert));
      expect((await dump()).code).to.equal(0);
      await eventually(60, 'the alert clears', async () => !(await store.firing()).includes(alert));
      const [age] = await store.query('time() - product_backup_last_success_timestamp_seconds');
      expect(age!.value).to.be.below(120);
      expect(age!.labels).to.include({ service: 'backup' });
    });

    it('see how far the archive is behind, and how old its copy of the whole is', async () => {
      const [behind] = await store.query('product_archive_behind_bytes');
      expect(behind!.value).to.be.within(0, 64 * 2 ** 20);
      expect(behind!.labels).to.include({ service: 'wal-archive' });
      const [age] = await store.query('time() - product_archive_copied_timestamp_seconds');
      expect(age!.value).to.be.below(1200);
    });

    it('keep the stack as closed as it is declared', async () => {
      const { code, output } = await run('npm', ['run', '-s', 'audit', '--', '--stack', stack.name], {
        cwd: stack.folder,
      });
      expect(code, output).to.equal(0);
      expect(output)
        .to.contain('metrics → edge:9113')
        .and.to.contain('backup → metrics:8428')
        .and.to.contain('wal-archive → metrics:8428')
        .and.not.to.contain('database-metrics → product-api');
      expect(output, 'nobody can talk to what has docker.sock').not.to.contain('→ container-metrics');
      expect(output.match(/excepted {2}no docker.sock/g)).to.have.length(1);
    });

    it('are not for users of the shop', async () => {
      for (const path of ['/metrics', '/api/../metrics', '/metrics/'])
        expect((await fetch(stack.url + path)).status, path).to.equal(404);
    });

    it('let their reader of Postgres see no product', async () => {
      const [database] = await stack.replicas('database');
      const ask = (user: string, name: string) =>
        run('docker', [
          'exec',
          database!,
          'bash',
          '-c',
          `PGPASSWORD=$(cat /run/secrets/database-metrics-password) psql -h "$(hostname -i | cut -d' ' -f1)" -U ${user} -d ${name} -Atc 'SELECT 17'`,
        ]);
      expect((await ask('product_metrics', 'postgres')).output.trim()).to.equal('17');
      expect((await ask('product_metrics', 'product')).output).to.contain('no pg_hba.conf entry');
    });

    it('keep the store from deleting anything for whoever can reach it', async () => {
      const path = '/api/v1/admin/tsdb/delete_series?match[]=up';
      const answer = await fetch(store.url + path, { method: 'POST' });
      expect(answer.status).to.be.oneOf([401, 403]);
      expect(await up()).to.have.property('edge', 1);
    });

    it('are still there after the store was killed', async () => {
      const [metrics] = await stack.replicas('metrics');
      await eventually(30, 'metrics of a minute ago', async () =>
        (await store.query('count_over_time(up{service="edge"}[2m])')).some(({ value }) => value > 6),
      );
      await docker('restart', metrics!);
      await eventually(30, 'they are there', async () =>
        (await store.query('count_over_time(up{service="edge"}[5m])')).some(({ value }) => value > 6),
      );
    });

    it('leave no trace when they are turned off', async () => {
      await stack.configure({ metrics: 'false' });
      await stack.upOk();
      await stack.pulumiOk('preview', '--expect-no-changes');
      const label = `label=${labelKeys.stack}=${stack.name}`;
      const left = [
        ...(await stack.containers()).map(({ name }) => name),
        ...(await docker('network', 'ls', '--filter', label, '--format', '{{.Name}}')).split('\n'),
      ].map((name) => name.replace(stack.name, ''));
      expect(left).to.have.length.above(8);
      expect(left.filter((name) => /metrics|alerts/.test(name))).to.deep.equal([]);
      const [database] = await stack.replicas('database');
      const roles = "SELECT count(*) FROM pg_roles WHERE rolname = 'product_metrics'";
      expect(await docker('exec', database!, 'psql', '-U', 'postgres', '-Atc', roles)).to.equal('0');
      const [edge] = await stack.replicas('edge');
      const { code } = await run('docker', [
        'exec',
        edge!,
        'wget',
        '-q',
        '-O-',
        'http://127.0.0.1:9113/metrics',
      ]);
      expect(code).not.to.equal(0);
      expect((await fetch(stack.url)).status).to.equal(200);
    });
  });
});
