import type * as docker from '@pulumi/docker';
import { waitingFor } from '../stacks/health.ts';

/**
 * A command that runs once and whose failure fails `pulumi up`. The provider ignores exit codes but does wait for health: the
 * container becomes healthy only after the command ended with 0, and lingers a moment so that this can be seen. A failed run is
 * therefore repeated by the next `up`.
 */
export function runOnce(
  command: readonly string[],
  timeoutSeconds: number,
): Partial<docker.ContainerArgs> & { command: string[] } {
  return {
    command: ['sh', '-c', '"$@" && touch /tmp/done && exec sleep 10', 'run-once', ...command],
    healthcheck: {
      tests: ['CMD-SHELL', untilDone],
      interval: '500ms',
      timeout: '10s',
      retries: 3,
      startPeriod: '10m0s',
    },
    wait: true,
    waitTimeout: timeoutSeconds,
  };
}

// Each probe is a process that the engine starts, which costs it more than what is run: one waits for the command for up to 4 s, and
// once it has seen the end, the next ones take as long for nothing.
const untilDone = `
[ ! -e /tmp/seen ] || exec sleep 4
${waitingFor('/tmp/done', 0.1)}
[ -e /tmp/done ] && touch /tmp/seen`.trim();
