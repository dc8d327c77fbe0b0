# What a suite counted. Sourced by scripts/test and run-spec.

# counts FILE CODE -- prints "PASSED FAILED SKIPPED" of a suite that wrote them to FILE and ended with CODE.
counts() {
  local passed failed skipped
  read -r passed failed skipped < <(cat "$1" 2>/dev/null; echo 0 0 0)
  # One that crashed, or that ran nothing, has failed, whatever it reported.
  if ((failed == 0 && ($2 != 0 || passed + skipped == 0))); then failed=1; fi
  echo "$passed $failed $skipped"
}
