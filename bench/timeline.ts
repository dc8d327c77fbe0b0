import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

/** An event of a container, as far as it is read here. */
export interface Event {
  /** Seconds since the beginning. */
  readonly at: number;
  /** Such as `create`, `die`, `health_status: healthy`. */
  readonly action: string;
  readonly service: string;
  readonly role: string;
}

/** What the engine says while something comes up. */
export class Timeline {
  readonly events: Event[] = [];
  private readonly begun = Date.now();
  private readonly process: ChildProcess;

  /** @param label of the containers, `name=value`. @param serviceLabel the label that names a container's service. */
  constructor(label: string, serviceLabel: string, roleLabel: string) {
    const kinds = ['create', 'start', 'die', 'health_status'].flatMap((kind) => [
      '--filter',
      `event=${kind}`,
    ]);
    const command = ['events', '--format', '{{json .}}', '--filter', `label=${label}`, ...kinds];
    this.process = spawn('docker', command, { stdio: ['ignore', 'pipe', 'ignore'] });
    createInterface(this.process.stdout!).on('line', (line) => {
      const { Action: action, Actor, timeNano } = JSON.parse(line) as EngineEvent;
      const { [serviceLabel]: service = '', [roleLabel]: role = '' } = Actor.Attributes;
      this.events.push({ at: timeNano / 1e9 - this.begun / 1000, action, service, role });
    });
  }

  /** Seconds since the beginning. */
  now(): number {
    return (Date.now() - this.begun) / 1000;
  }

  end(): void {
    this.process.kill();
  }
}

interface EngineEvent {
  readonly Action: string;
  readonly timeNano: number;
  readonly Actor: { readonly Attributes: Readonly<Record<string, string>> };
}
