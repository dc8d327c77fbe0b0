import type * as docker from '@pulumi/docker';

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
      tests: ['CMD', 'test', '-e', '/tmp/done'],
      interval: '500ms',
      timeout: '5s',
      retries: 3,
      startPeriod: '10m0s',
    },
    wait: true,
    waitTimeout: timeoutSeconds,
  };
}
