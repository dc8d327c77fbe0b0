# How soon what failed is tried again: each time after twice as long, up to a limit.
# shellcheck shell=bash
declare -A next=() pause=()

# may WHAT: whether it is time. NOW is the clock in tests.
may() { ((${NOW:-$(date +%s)} >= ${next[$1]:-0})); }

# put_off WHAT FIRST MOST: not before so many seconds, which it leaves in `pause`.
put_off() {
  local seconds=$((${pause[$1]:-0} * 2))
  if ((seconds < $2)); then seconds=$2; fi
  if ((seconds > $3)); then seconds=$3; fi
  pause[$1]=$seconds
  next[$1]=$((${NOW:-$(date +%s)} + seconds))
}

# may_again WHAT: it went well.
may_again() { unset "next[$1]" "pause[$1]"; }
