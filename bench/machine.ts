import os from 'node:os';
import { docker } from '../tests/e2e/support/run.ts';

/** Where and when figures were measured: no name, only what kind of machine. */
export async function machine(): Promise<string> {
  const [{ model = 'unknown CPU' } = {}] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GiB`;
  const engine = await docker('version', '--format', '{{.Server.Version}}');
  return `${new Date().toISOString().slice(0, 10)}, ${os.cpus().length} cores (${model.trim()}), ${memory}, Docker ${engine}, everything on the one machine`;
}
