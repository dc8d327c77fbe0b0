import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';

/** How long a version may take until it listens, milliseconds. */
const startLimit = 20_000;

/** How long the old version may take to finish its requests; one that stands at a breakpoint never does. */
const stopLimit = 3000;

/** The debugger's port, on every address of the container; the stack publishes it on the host's loopback address only. */
const inspector = { host: '0.0.0.0', port: 9229 };

/** What became of a version. */
export type Outcome = 'serves' | 'does not start' | 'is refused';

/**
 * The versions of one program. They share its port: the old one serves until the new one listens, and no request falls between.
 * Each version has the debugger as soon as the one before it has let go of its port.
 */
export class Versions {
  private current: Worker | undefined;
  private readonly ended: (code: number) => void;

  /** @param ended called when the version that serves ends by itself. */
  constructor(program: string, ended: (code: number) => void) {
    this.ended = ended;
    const execArgv = ['--import', './dev/gate.ts', `--inspect-port=${inspector.host}:${inspector.port}`];
    cluster.setupPrimary({ exec: program, args: [], execArgv, inspectPort: inspector.port });
  }

  /** Starts the program as it is on disk; it takes over when it is accepted and listens. */
  async start(accepted: boolean | Promise<boolean>): Promise<Outcome> {
    const worker = cluster.fork();
    const listens = starts(worker);
    const verdict = await accepted;
    if (verdict && worker.isConnected()) worker.send('listen');
    if (verdict && (await listens)) {
      this.takeOver(worker);
      return 'serves';
    }
    worker.process.kill('SIGKILL');
    return verdict ? 'does not start' : 'is refused';
  }

  private takeOver(worker: Worker): void {
    const old = this.current;
    this.current = worker;
    worker.once('exit', (code: number) => this.current === worker && this.ended(code));
    void retire(old).then(() => openDebugger(worker));
  }

  /** Ends the version that serves, as the stack wants it to stop. */
  async stop(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await retire(current);
  }
}

async function starts(worker: Worker): Promise<boolean> {
  const signal = AbortSignal.timeout(startLimit);
  return Promise.race([
    once(worker, 'listening', { signal }).then(() => true),
    once(worker, 'exit', { signal }).then(() => false),
  ]).catch(() => false);
}

async function retire(worker: Worker | undefined): Promise<void> {
  if (!worker || worker.isDead()) return;
  const kill = setTimeout(() => worker.process.kill('SIGKILL'), stopLimit);
  worker.process.kill('SIGTERM');
  await once(worker, 'exit');
  clearTimeout(kill);
}

/** Node opens its debugger on this signal. */
function openDebugger(worker: Worker): void {
  if (!worker.isDead()) worker.process.kill('SIGUSR1');
}
