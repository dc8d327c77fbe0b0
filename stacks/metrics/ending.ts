// Killed by a signal it would be 143 as well; 0 would leave it down after a planned reboot, see docs/how-it-works.md.
const script = [
  '"$0" "$@" & child=$!',
  "trap 'kill -TERM $child; wait $child; exit 143' TERM INT",
  'wait $child; code=$?',
  'exit $((code == 0 ? 143 : code))',
].join('\n');

/** An entrypoint that runs `program` with the command as its arguments, and that does not end with 0 when it is told to stop. */
export function endsWithFailure(program: string): readonly string[] {
  return ['sh', '-c', script, program];
}
