import type { DockerCli } from '../docker-cli.ts';
import { explainTask, hasFailed, tasksOf, type Task } from './tasks.ts';

/** What became of a service or job, with how to mend it: a line each. */
export class RolloutError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** A service, as a manager shows it at one moment. */
export interface Look {
  /** Of Swarm's update: `completed`, `rollback_completed`, …; undefined when there was none, or it has not begun. */
  readonly update: string | undefined;
  readonly message: string;
  /** Whether it was ever changed. */
  readonly changed: boolean;
  readonly running: number;
  readonly wanted: number;
}

interface Inspected {
  readonly UpdateStatus?: { readonly State?: string; readonly Message?: string };
  readonly PreviousSpec?: object;
}

/** Swarm's own words for a release that it has given up. */
const givenUp = ['rollback_completed', 'rollback_paused', 'paused'];

/** Follows what a Swarm makes of services, as it says that it has begun and not how it ends. */
export class SwarmRollouts {
  private readonly docker: DockerCli;
  private readonly waitSeconds: number;
  private readonly begun = Date.now();

  /** @param waitSeconds how long one task may take to become well. */
  constructor(docker: DockerCli, waitSeconds: number) {
    this.docker = docker;
    this.waitSeconds = waitSeconds;
  }

  /** @throws RolloutError when it was turned back, or does not become well. */
  async rolledOut(service: string): Promise<void> {
    let until = Infinity;
    for (let inARow = 0, needed = 2; inARow < needed; await sleep(500)) {
      const look = await this.look(service);
      if (until === Infinity) until = Date.now() + this.waitSeconds * 1000 * Math.max(1, look.wanted);
      if (givenUp.includes(look.update ?? '')) throw await this.turnedBack(service, look);
      inARow = isWell(look) ? inARow + 1 : 0;
      needed = looksNeeded(look);
      if (Date.now() > until || (await this.hasNoTaskLeft(service, look)))
        throw await this.notWell(service, look);
    }
  }

  /** A job that failed in an earlier `up` is run once more. @throws RolloutError when it ends with an error or not in time. */
  async finished(job: string, timeoutSeconds: number): Promise<void> {
    let again: string | undefined;
    for (const until = Date.now() + timeoutSeconds * 1000; Date.now() < until; await sleep(500)) {
      const [task] = await tasksOf(this.docker, job);
      if (task?.Status.State === 'complete') return;
      if (!task || !hasFailed(task) || task.ID === again) continue;
      // The clock of another machine may be late: once is enough.
      if (again !== undefined || Date.parse(task.CreatedAt) > this.begun) throw await this.failed(job, task);
      again = task.ID;
      await this.docker.run('service', 'update', '--detach', '--force', job);
    }
    const [task] = await tasksOf(this.docker, job);
    throw await this.failed(job, task, `is not done after ${timeoutSeconds} s`);
  }

  private async look(service: string): Promise<Look> {
    const said = JSON.parse(await this.docker.run('service', 'inspect', service)) as [Inspected];
    const [{ UpdateStatus, PreviousSpec }] = said;
    const { State: update, Message: message = '' } = UpdateStatus ?? {};
    const lines = await this.docker.lines(
      'service',
      'ls',
      '--filter',
      `name=${service}`,
      '--format',
      '{{.Name}} {{.Replicas}}',
    );
    const [, counts = '0/0'] = lines.map((line) => line.split(' ')).find(([name]) => name === service) ?? [];
    const [running = 0, wanted = 0] = counts.split('/').map(Number);
    return { update, message, changed: PreviousSpec !== undefined, running, wanted };
  }

  /** Where a task used up its restarts, nothing changes any more. */
  private async hasNoTaskLeft(service: string, { running, wanted, update }: Look): Promise<boolean> {
    if (running >= wanted || update === 'updating' || update === 'rollback_started') return false;
    const tasks = await tasksOf(this.docker, service);
    const alive = tasks.filter(({ DesiredState }) => DesiredState === 'running' || DesiredState === 'ready');
    return tasks.length > 0 && alive.every(hasFailed);
  }

  private async turnedBack(service: string, { update, message }: Look): Promise<RolloutError> {
    const what =
      update === 'rollback_completed'
        ? 'its new release failed and was turned back; the one before serves on'
        : 'its new release failed, and so did turning it back';
    const retry = 'Mend the release, or to try the same one again run: pulumi up --refresh';
    return this.because(service, `${what} (${message}). ${retry}`);
  }

  private notWell(service: string, { running, wanted }: Look): Promise<RolloutError> {
    return this.because(service, `${running} of ${wanted} tasks are well`);
  }

  private async because(service: string, what: string): Promise<RolloutError> {
    const tasks = await tasksOf(this.docker, service);
    const unwell = tasks.find(hasFailed) ?? tasks.find(({ Status: { State } }) => State !== 'running');
    return this.failed(service, unwell, what);
  }

  private async failed(service: string, task: Task | undefined, what = 'failed'): Promise<RolloutError> {
    const why = task ? await explainTask(this.docker, task) : [];
    return new RolloutError([`${service}: ${what}`, ...why]);
  }
}

/** Whether nothing is left to be done, as far as one look tells. */
export function isWell({ update, running, wanted }: Look): boolean {
  return (update === undefined || update === 'completed') && wanted > 0 && running === wanted;
}

/**
 * How many looks in a row must find a service well, two a second. A change that a busy leader has not begun with looks like one that
 * had nothing to do: all tasks are well, those of before.
 */
export function looksNeeded({ update, changed }: Look): number {
  return changed && update === undefined ? 10 : 2;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
