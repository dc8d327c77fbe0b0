import type { HealthCheck } from './topology.ts';

/** How an http service is asked whether it is well. */
export interface HttpHealth {
  readonly port: number;
  /** 200 when it can serve. */
  readonly ready: string;
  /** Answers at all when the process is alive; decides about a restart. */
  readonly alive: string;
}

/** `pulumi up` looks once a second: what is asked just before it looks is seen at once, at 2 or 3 s it would be a second later. */
const timing = { interval: 2.75, retries: 3, startPeriod: 60 };
const soon = { ...timing, interval: 1.75 };

/** Looks of one probe at a service that is well: half a minute. */
const looks = 10;

function get(port: number, path: string): string {
  return `wget -q -T 2 -O /dev/null http://127.0.0.1:${port}${path}`;
}

/**
 * To start a probe costs Docker 70 ms of CPU, a look 3: a stack of eight containers at rest took a quarter of a core. So a probe of what was
 * well goes on looking, as often as Docker would ask. What is wrong it says at once, and so does the first that is well again.
 */
function lasting(
  look: string,
  { interval, ...times }: Omit<HealthCheck, 'test' | 'timeout'>,
  { first = [], otherwise = [] }: { first?: readonly string[]; otherwise?: readonly string[] } = {},
): HealthCheck {
  const script = [
    ...first,
    `left=1; [ ! -e /tmp/well ] || left=${looks}`,
    `while ${look}; do`,
    '  left=$((left - 1)); [ $left -gt 0 ] || { : >/tmp/well; exit 0; }',
    `  sleep ${interval}`,
    'done',
    'rm -f /tmp/well',
    ...otherwise,
    'exit 1',
  ];
  return { test: ['CMD-SHELL', script.join('\n')], interval, timeout: 60, ...times };
}

/**
 * Health check of a replica. Besides telling Docker, it ends a process that once was well and now answers nothing three times
 * in a row, so that the restart policy brings it back: no container needs docker.sock for that. `kill -9 -1` spares PID 1, which
 * is tini. A slow start is never ended, and neither is a live process whose database is away.
 */
export function httpHealth({ port, ready, alive }: HttpHealth): HealthCheck {
  const otherwise = [
    `if ${get(port, alive)}; then echo 0 >/tmp/misses; exit 1; fi`,
    '[ -e /tmp/misses ] || exit 1',
    'misses=$(($(cat /tmp/misses) + 1)); echo $misses >/tmp/misses',
    '[ $misses -lt 3 ] || kill -9 -1',
  ];
  return lasting(`${get(port, ready)} && echo 0 >/tmp/misses`, timing, { otherwise });
}

/** Health check of a service that nothing may end: well when it is ready. */
export function readyHealth({ port, ready }: Omit<HttpHealth, 'alive'>): HealthCheck {
  return lasting(get(port, ready), soon);
}

/**
 * Health check of a candidate: the first container of a release, which no user can reach. Healthy after two good answers in a
 * row; after two more it has done its work and ends itself, so that it costs nothing from then on.
 */
export function candidateHealth({ port, ready }: HttpHealth): HealthCheck {
  const script = [
    `${get(port, ready)} && sleep 1 && ${get(port, ready)} || exit 1`,
    '[ ! -e /tmp/passed ] || kill -TERM -1',
    ': >/tmp/passed',
  ];
  return { test: ['CMD-SHELL', script.join('\n')], interval: 1, timeout: 6, retries: 3, startPeriod: 60 };
}

/** Health check of nginx, on a port that only the container itself can reach. */
export function nginxHealth(port: number): HealthCheck {
  return lasting(get(port, '/healthz'), { ...soon, startPeriod: 10 });
}

/** Health check of a service that a shell command knows to be well. */
export function shellHealth(command: string): HealthCheck {
  return lasting(`{ ${command}; }`, soon);
}

/**
 * Health check of Postgres: it answers `user` over TCP, before any password, and the roles have their passwords (see database/serve.sh).
 */
export function postgresHealth(database: string, user: string): HealthCheck {
  const answers = `pg_isready -q -h 127.0.0.1 -U ${user} -d ${database}`;
  return lasting(`test -e /tmp/roles-ready && ${answers}`, soon, {
    first: [waitingFor('/tmp/roles-ready', 0.2)],
  });
}

/** What a probe does until a file is there, 4 s at most; `seconds` from look to look. Asked again only at the next probe, it would seem later. */
export function waitingFor(file: string, seconds: number): string {
  return `n=0; until [ -e ${file} ] || [ $n = ${4 / seconds} ]; do sleep ${seconds}; n=$((n + 1)); done`;
}
