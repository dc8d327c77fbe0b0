import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runOnce } from '../../components/run-once.ts';
import { candidateHealth, httpHealth, nginxHealth, readyHealth, shellHealth } from '../../stacks/health.ts';
import type { HealthCheck } from '../../stacks/topology.ts';

/** Runs a health check's script in a real shell, with `wget`, `kill` and `sleep` replaced by recorders. */
class Probe {
  readonly folder = mkdtempSync(join(tmpdir(), 'product-stack-probe-'));
  private readonly script: string;

  constructor(check: Pick<HealthCheck, 'test'>) {
    this.script = check.test[1]!.replaceAll('/tmp/', `${this.folder}/`).replaceAll(
      'kill ',
      `${this.folder}/kill `,
    );
    this.command('kill', `echo "$@" >>${this.folder}/killed`);
    this.command('sleep', `echo "$@" >>${this.folder}/slept`);
  }

  /** One probe while these paths answer 200. Returns its exit code. */
  run(...answering: string[]): number {
    this.command(
      'wget',
      `for last; do :; done; case "$last" in ${answering.map((path) => `*${path}) exit 0 ;;`).join(' ')} esac; exit 1`,
    );
    try {
      execFileSync('sh', ['-c', this.script], { env: { PATH: `${this.folder}:${process.env['PATH']}` } });
      return 0;
    } catch (error) {
      return (error as { status: number }).status;
    }
  }

  get killed(): string | undefined {
    const file = join(this.folder, 'killed');
    return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
  }

  /** How long it has slept since it was asked last, word by word. */
  get slept(): string[] {
    const file = join(this.folder, 'slept');
    const words = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
    rmSync(file, { force: true });
    return words;
  }

  /** What is found under a name from now on. */
  command(name: string, body: string): void {
    writeFileSync(join(this.folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(join(this.folder, name), 0o755);
  }
}

const health = { port: 8080, ready: '/readyz', alive: '/healthz' };

describe('health checks', () => {
  let probe: Probe;
  const use = (check: Pick<HealthCheck, 'test'>) => (probe = new Probe(check));
  afterEach(() => rmSync(probe.folder, { recursive: true }));

  it('a replica is healthy when it is ready', () =>
    expect(use(httpHealth(health)).run('/readyz', '/healthz')).to.equal(0));

  it('a replica whose database is away is unhealthy, and lives', () => {
    use(httpHealth(health)).run('/readyz');
    expect([1, 2, 3, 4, 5].map(() => probe.run('/healthz'))).to.deep.equal([1, 1, 1, 1, 1]);
    expect(probe.killed).to.equal(undefined);
  });

  it('a replica that hangs is ended at the third miss in a row', () => {
    use(httpHealth(health)).run('/readyz');
    probe.run();
    probe.run();
    expect(probe.killed).to.equal(undefined);
    probe.run();
    expect(probe.killed).to.equal('-9 -1');
  });

  it('misses count only in a row', () => {
    use(httpHealth(health)).run('/readyz');
    for (const answer of [[], [], ['/readyz'], [], ['/healthz'], [], []]) probe.run(...answer);
    expect(probe.killed).to.equal(undefined);
  });

  it('a slow start is never ended', () => {
    use(httpHealth(health));
    for (let i = 0; i < 10; i++) probe.run();
    expect(probe.killed).to.equal(undefined);
  });

  for (const [what, check, well, pause] of [
    ['a replica', httpHealth(health), '/readyz', '2.75'],
    ['nginx', nginxHealth(8081), '/healthz', '1.75'],
    ['an app that is being edited', readyHealth(health), '/readyz', '1.75'],
    ['what a command asks', shellHealth('wget /here'), '/here', '1.75'],
  ] as const) {
    it(`${what} that was well is looked at ten times by one probe, and by the first only once`, () => {
      use(check);
      expect([probe.run(well), probe.slept]).to.deep.equal([0, []]);
      expect([probe.run(well), probe.slept]).to.deep.equal([0, Array<string>(9).fill(pause)]);
      expect([probe.run(), probe.slept]).to.deep.equal([1, []]);
      expect([probe.run(well), probe.slept], 'well again').to.deep.equal([0, []]);
    });
  }

  it('a replica that goes bad while a probe looks is told so at once', () => {
    use(httpHealth(health)).run('/readyz');
    probe.command('sleep', `echo x >>${probe.folder}/slept; rm ${probe.folder}/wget`);
    expect([probe.run('/readyz'), probe.slept]).to.deep.equal([1, ['x']]);
  });

  it('a candidate passes after two good answers in a row, and ends itself after two more', () => {
    use(candidateHealth(health));
    expect([probe.run(), probe.slept]).to.deep.equal([1, []]);
    probe.command('sleep', `rm ${probe.folder}/wget`);
    expect(probe.run('/readyz'), 'one good answer').to.equal(1);
    probe.command('sleep', `echo "$@" >>${probe.folder}/slept`);
    expect([probe.run('/readyz'), probe.slept]).to.deep.equal([0, ['1']]);
    expect(probe.killed).to.equal(undefined);
    expect(probe.run('/readyz')).to.equal(0);
    expect(probe.killed).to.equal('-TERM -1');
  });

  it('a command that runs once is well when it has ended, which a probe waits for; then probes are slow', () => {
    const { healthcheck } = runOnce(['true'], 60);
    use({ test: (healthcheck as { tests: string[] }).tests });
    expect([probe.run(), probe.slept]).to.deep.equal([1, Array<string>(40).fill('0.1')]);
    writeFileSync(join(probe.folder, 'done'), '');
    expect([probe.run(), probe.slept]).to.deep.equal([0, []]);
    expect([probe.run(), probe.slept]).to.deep.equal([0, ['4']]);
  });
});
