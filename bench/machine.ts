import { readFileSync } from 'node:fs';
import os from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker } from '../tests/e2e/support/run.ts';

/** Where and when figures were measured: no name, only what kind of machine. */
export async function machine(): Promise<string> {
  const [{ model = 'unknown CPU' } = {}] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const engine = await docker('version', '--format', '{{.Server.Version}}');
  return `${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores (${model.trim()}), ${memory}, Docker ${engine}, everything on the one machine`;
}

/**
 * Seconds of CPU that the cores of this machine were busy since it started. Where there is a /proc/stat, with what the kernel does for no
 * process in particular: for packets on their way, which neither a container's counters nor os.cpus() have.
 */
export function busySeconds(): number {
  try {
    // https://www.kernel.org/doc/html/latest/filesystems/proc.html: user nice system idle iowait irq softirq, in 1/100 s.
    const [user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'utf8')
      .match(/\d+/g)!
      .map(Number);
    return (user! + nice! + system! + irq! + softirq!) / 100;
  } catch {
    const milliseconds = os.cpus().map(({ times }) => times.user + times.nice + times.sys + times.irq);
    return milliseconds.reduce((sum, one) => sum + one) / 1000;
  }
}

/** How many cores are busy in the middle half of the next `seconds`. */
export async function busyCores(seconds: number): Promise<number> {
  await sleep(seconds * 250);
  const [begun, before] = [performance.now(), busySeconds()];
  await sleep(seconds * 500);
  return ((busySeconds() - before) * 1000) / (performance.now() - begun);
}
