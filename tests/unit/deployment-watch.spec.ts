import { expect } from 'chai';
import { watchDeployment, type Watched } from '../../engine/deployment-watch.ts';
import type { DockerCli } from '../../engine/docker-cli.ts';

/** "shop/replica late" is a container of this service, for this role. */
const subject = (container: string) => container.split(/[/ ]/) as [service: string, role: string];

/** An engine that says what the test says. */
class Engine {
  /** What `docker ps` shows, by container. */
  readonly status: Record<string, string> = {};
  readonly removed: string[] = [];
  health = '';
  memoryMiB: number | undefined;
  private onEvent: (line: string) => void = () => undefined;

  readonly docker = {
    follow: (_args: string[], onLine: (line: string) => void) => {
      this.onEvent = onLine;
      return () => undefined;
    },
    lines: (...args: string[]) => Promise.resolve(this.list(args)),
    run: (...args: string[]) => Promise.resolve(args[0] === 'rm' && this.removed.push(args.at(-1)!)),
    lastLines: () => Promise.resolve(['first', 'last']),
    lastHealth: () => Promise.resolve(this.health),
    outOfMemory: () => Promise.resolve(this.memoryMiB),
  } as unknown as DockerCli;

  event(Action: string, container: string, more: Record<string, string> = {}): void {
    const [service, role] = subject(container);
    const Attributes = { 'product-stack.service': service, 'product-stack.role': role, ...more };
    this.onEvent(JSON.stringify({ Action, Actor: { ID: container, Attributes } }));
  }

  private list(args: string[]): string[] {
    return Object.entries(this.status)
      .filter(([container]) => args.some((arg) => arg.endsWith(`service=${subject(container)[0]}`)))
      .map(([container, status]) => `${container} ${subject(container)[1]} ${status}`);
  }
}

const jobs = [
  { name: 'migrate', after: ['database'], patient: true },
] as unknown as Watched['topology']['jobs'];

/** What is told and removed once the engine has said all of it. */
async function watched(
  say: (engine: Engine) => void,
  {
    unserved = [],
    waitSeconds = 60,
    after = 20,
  }: { unserved?: string[]; waitSeconds?: number; after?: number },
) {
  const engine = new Engine();
  const told: string[] = [];
  const report = (message: string) => void told.push(message.split('\n')[0]!);
  const topology = { stack: 'unit', jobs };
  const stop = watchDeployment({ topology, waitSeconds, unserved: new Set(unserved), report }, engine.docker);
  say(engine);
  await new Promise((resolve) => setTimeout(resolve, after));
  stop();
  return { told, removed: engine.removed.sort() };
}

const dies = (engine: Engine, container: string, exitCode = '3', times = 1) => {
  for (let n = 0; n < times; n++) engine.event('die', container, { exitCode });
};
const refused = 'shop: its new release exited with code 3 before it was healthy. Its last lines:';

describe('watching a deployment', () => {
  const cases: [
    what: string,
    say: (engine: Engine) => void,
    told: string[],
    removed: string[],
    unserved?: string[],
  ][] = [
    [
      'a job that fails is told and removed',
      (engine) => dies(engine, 'migrate/job'),
      ['migrate: exited with code 3. Its last lines:'],
      ['migrate/job'],
    ],
    ['a job that ends well is neither', (engine) => dies(engine, 'migrate/job', '0'), [], []],
    [
      'a refused candidate is removed alone where the service has replicas',
      (engine) => {
        engine.status['shop/replica'] = 'Up 5 minutes (healthy)';
        engine.event('start', 'shop/candidate');
        dies(engine, 'shop/candidate');
      },
      [refused],
      ['shop/candidate'],
    ],
    [
      'a first one takes along replicas that are not well, told once, and those that come later',
      (engine) => {
        engine.status['shop/replica'] = 'Up 1 second (health: starting)';
        for (const one of ['shop/candidate', 'shop/replica']) engine.event('start', one);
        dies(engine, 'shop/replica', '3', 6);
        dies(engine, 'shop/candidate');
        engine.event('start', 'shop/replica late');
      },
      [refused],
      ['shop/candidate', 'shop/replica', 'shop/replica late'],
      ['shop'],
    ],
    [
      'a replica that is down for good is told and stays, for its logs',
      (engine) => dies(engine, 'shop/replica', '3', 6),
      ['shop: exited with code 3 and stays down after 5 restarts. Its last lines:'],
      [],
    ],
    [
      'a Postgres that stays down takes along the migrations beside it',
      (engine) => {
        engine.status['migrate/job'] = 'Up 2 seconds (health: starting)';
        dies(engine, 'database/replica', '1', 6);
        dies(engine, 'migrate/job', '1');
      },
      ['database: exited with code 1 and stays down after 5 restarts. Its last lines:'],
      ['migrate/job'],
      ['database'],
    ],
    [
      'want of memory is named with the way out, and what the health check says',
      (engine) => {
        engine.memoryMiB = 64;
        engine.health = 'no answer';
        dies(engine, 'product-api/candidate', '137');
      },
      [
        'product-api: its new release exited with code 137 before it was healthy. It was killed for want of memory: its limit is ' +
          '64 MiB. Run: pulumi config set productApiMemory 128. Its health check says: no answer. Its last lines:',
      ],
      ['product-api/candidate'],
    ],
  ];
  for (const [what, say, told, removed, unserved = []] of cases)
    it(what, async () => {
      expect(await watched(say, { unserved })).to.deep.equal({ told, removed });
    });

  it('a candidate that does not become healthy is told a second before the provider gives up', async () => {
    const starts = (engine: Engine) => {
      engine.event('start', 'shop/candidate');
      engine.event('start', 'shop/replica');
      engine.event('health_status: healthy', 'shop/replica');
    };
    const seen = await watched(starts, { waitSeconds: 1.6, after: 700 });
    expect(seen).to.deep.equal({
      told: ['shop: is not healthy after 1 s. Its last lines:'],
      removed: ['shop/candidate'],
    });
  });
});
