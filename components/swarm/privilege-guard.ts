/**
 * A service of a Swarm cannot say no-new-privileges; an engine can, for all its containers. Every task looks whether its node's does:
 * where not, it never becomes healthy, so no request reaches it and the release is turned back.
 */
const guard = [
  "grep -q '^NoNewPrivs:[[:space:]]*1' /proc/1/status || {",
  '  echo "the engine of this node lets processes gain privileges: set no-new-privileges in its daemon.json" >&2',
  '  exit 1',
  '}',
].join('\n');

/** A health check, `CMD-SHELL` or `CMD`, that fails where the guard does. */
export function guarded([kind, ...test]: readonly string[]): string[] {
  if (kind === 'CMD-SHELL') return [kind, `${guard}\n${test[0]}`];
  return ['CMD', ...guardedCommand(test)];
}

/** A command that does not begin where the guard fails. */
export function guardedCommand(command: readonly string[]): string[] {
  return ['sh', '-c', `${guard}\nexec "$@"`, 'guarded', ...command];
}
