import { keys } from '../stacks/setting-keys.ts';
import { labelFilters, labelKeys, type Role } from '../stacks/labels.ts';
import { maxRestarts, type Topology } from '../stacks/topology.ts';
import type { DockerCli } from './docker-cli.ts';
import { FirstReleases, type Subject } from './first-release.ts';

/** An event of `docker events`, as far as it is read here. */
interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** A container that will not become what the deployment waits for. */
export interface Failure {
  readonly container: string;
  readonly service: string;
  readonly role: Role;
  readonly reason: string;
}

/**
 * Decides from engine events which containers of a deployment have failed for good: a job or check that ended with an error, a
 * candidate that ended before it was healthy, a replica that used up its restarts. Containers that Pulumi itself stops never count.
 */
export class FailureDetector {
  private readonly healthy = new Set<string>();
  private readonly stopped = new Set<string>();
  private readonly deaths = new Map<string, number>();

  /** The failure that this event completes, if any. */
  see({
    Action: action,
    Actor: { ID: container, Attributes: attributes },
  }: EngineEvent): Failure | undefined {
    if (action === 'health_status: healthy') this.healthy.add(container);
    if (action === 'kill' && attributes['signal'] === '15') this.stopped.add(container);
    if (action !== 'die' || this.stopped.has(container)) return undefined;
    return this.died(container, attributes);
  }

  private died(container: string, attributes: EngineEvent['Actor']['Attributes']): Failure | undefined {
    const { role, service } = subjectOf({ ID: container, Attributes: attributes });
    const code = attributes['exitCode'] ?? '?';
    const deaths = (this.deaths.get(container) ?? 0) + 1;
    this.deaths.set(container, deaths);
    const reason = this.reason(role, container, code, deaths);
    return reason ? { container, role, service, reason } : undefined;
  }

  private reason(role: Role, container: string, code: string, deaths: number): string | undefined {
    if (role === 'replica') {
      return deaths > maxRestarts
        ? `exited with code ${code} and stays down after ${maxRestarts} restarts`
        : undefined;
    }
    if (this.healthy.has(container) || code === '0') return undefined;
    return role === 'candidate'
      ? `its new release exited with code ${code} before it was healthy`
      : `exited with code ${code}`;
  }
}

/** What is watched, and who is told. */
export interface Watched {
  readonly topology: Pick<Topology, 'stack' | 'jobs'>;
  /** How long `up` waits for a container to become healthy. */
  readonly waitSeconds: number;
  /** Services that had no replica when `up` began. */
  readonly unserved: ReadonlySet<string>;
  readonly report: (message: string) => void;
}

/**
 * Watches a stack's containers during `up` and says at once which one failed and why, with its last log lines. Candidates, jobs
 * and checks that failed are removed, and with them what would wait in vain, so that `up` ends then instead of waiting for its timeout;
 * their logs are in the message.
 */
export function watchDeployment(watched: Watched, docker: DockerCli): () => void {
  const { topology, unserved, waitSeconds, report } = watched;
  const { stack, jobs } = topology;
  const detector = new FailureDetector();
  const first = new FirstReleases<Failure>(unserved, jobs);
  const tell = (failure: Failure) => {
    if (first.isRefused(failure) || first.holds(failure)) return;
    const refused = first.refuse(failure);
    const others = async () => (await Promise.all(refused.map((name) => unwell(stack, name, docker)))).flat();
    void explain(failure, docker, report).then(async () => remove(failure, await others(), docker));
  };
  // A second before the provider gives up, and with that the container.
  const patience = new Patience((waitSeconds - 1) * 1000, tell);
  const filters = ['--filter', 'type=container', ...labelFilters(stack)];
  return docker.follow(['events', ...filters, '--format', '{{json .}}'], (line) => {
    const event = JSON.parse(line) as EngineEvent;
    const subject = subjectOf(event.Actor);
    patience.see(event);
    first.see(event.Action, subject).forEach(tell);
    // One that was being made when its release was refused.
    if (event.Action === 'start' && first.isRefused(subject)) void removeAll([event.Actor.ID], docker);
    const failure = detector.see(event);
    if (failure) tell(failure);
  });
}

/** The service that a container is of, and what it is for. */
function subjectOf({ ID, Attributes }: EngineEvent['Actor']): Subject {
  return { service: Attributes[labelKeys.service] ?? ID, role: Attributes[labelKeys.role] as Role };
}

/** Notices containers that run and do not become healthy. */
class Patience {
  private readonly waiting = new Map<string, NodeJS.Timeout>();
  private readonly milliseconds: number;
  private readonly tell: (failure: Failure) => void;

  constructor(milliseconds: number, tell: (failure: Failure) => void) {
    this.milliseconds = milliseconds;
    this.tell = tell;
  }

  see({ Action: action, Actor: { ID: container, Attributes: attributes } }: EngineEvent): void {
    const { role, service } = subjectOf({ ID: container, Attributes: attributes });
    if (action === 'start' && (role === 'candidate' || role === 'replica')) {
      const reason = `is not healthy after ${Math.round(this.milliseconds / 1000)} s`;
      const failure = { container, role, service, reason };
      this.waiting.set(container, setTimeout(() => this.tell(failure), this.milliseconds).unref());
    }
    if (['health_status: healthy', 'die', 'destroy'].includes(action))
      clearTimeout(this.waiting.get(container));
  }
}

async function explain(
  failure: Failure,
  docker: DockerCli,
  report: (message: string) => void,
): Promise<void> {
  const [lines, health, memory] = await Promise.all([
    docker.lastLines(failure.container, 15),
    docker.lastHealth(failure.container),
    docker.outOfMemory(failure.container),
  ]);
  const checked = health === '' ? '' : `. Its health check says: ${health}`;
  const killed = memory === undefined ? '' : `. It was killed for want of memory: ${wayOut(failure, memory)}`;
  const heading = `${failure.service}: ${failure.reason}${killed}${checked}. Its last lines:`;
  report([heading, ...lines.map((line) => `    ${line}`)].join('\n'));
}

/** What `up` waits for in vain. A replica stays, for its logs. */
function remove({ container, role }: Failure, others: readonly string[], docker: DockerCli): Promise<void> {
  return removeAll(role === 'replica' ? others : [container, ...others], docker);
}

async function removeAll(containers: readonly string[], docker: DockerCli): Promise<void> {
  await Promise.all(containers.map((one) => docker.run('rm', '--force', one).catch(() => undefined)));
}

/** Replicas that are not well, and a job that runs. What is well or done may be in Pulumi's state, which would not miss it. */
async function unwell(stack: string, service: string, docker: DockerCli): Promise<string[]> {
  const format = `{{.ID}} {{.Label "${labelKeys.role}"}} {{.Status}}`;
  const lines = await docker
    .lines('ps', '--all', ...labelFilters(stack, { service }), '--format', format)
    .catch(() => []);
  const waits = /^\S+ (replica (?!.*\(healthy\)$)|job (?!Exited))/;
  return lines.filter((line) => waits.test(line)).map((line) => line.split(' ')[0]!);
}

/** `product-api` has the setting productApiMemory; what has none of its own has a limit that is ours to mend. */
function wayOut({ service }: Failure, limitMiB: number): string {
  const key = `${service.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}Memory`;
  const mend = key in keys ? `. Run: pulumi config set ${key} ${limitMiB * 2}` : '';
  return `its limit is ${limitMiB} MiB${mend}`;
}
