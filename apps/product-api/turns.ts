import { setImmediate, setTimeout as sleep } from 'node:timers/promises';

/** Turns, one after the other; but who has waited for `patienceMs` goes anyway, so that one that hangs does not hold up all. */
export class Turns {
  private readonly patienceMs: number;
  private running = 0;
  private earliest = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(patienceMs: number) {
    this.patienceMs = patienceMs;
  }

  /** No other turn begins in the next `ms`. */
  pause(ms: number): void {
    this.earliest = performance.now() + ms;
  }

  /** Waits for a turn, which must be given back; not before what has already arrived at this process was read as well. */
  async take(): Promise<void> {
    if (this.running > 0) await new Promise<void>((go) => this.queue(go));
    else this.running++;
    const early = this.earliest - performance.now();
    if (early > 0) await sleep(early);
    else await setImmediate();
  }

  giveBack(): void {
    this.running--;
    this.waiting[0]?.();
  }

  private queue(go: () => void): void {
    const come = (): void => {
      clearTimeout(timer);
      this.waiting.splice(this.waiting.indexOf(come), 1);
      this.running++;
      go();
    };
    const timer = setTimeout(come, this.patienceMs);
    this.waiting.push(come);
  }
}
