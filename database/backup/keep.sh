# unwanted LAST DAILY WEEKLY MONTHLY: reads names of backups, newest first, and prints those that no rule keeps.
# A rule "7 daily" keeps the newest backup of each of the last 7 days that have one. `labelled` prints every name with what keeps it.
# shellcheck shell=bash

labelled() {
  local name day kept last=0
  local -A seen=() count=([daily]=0 [weekly]=0 [monthly]=0) limit=([daily]=$2 [weekly]=$3 [monthly]=$4)
  while read -r name; do
    kept='' day=${name:0:10}
    if ((last++ < $1)); then kept=' last'; fi
    keep_period daily "$day"
    keep_period weekly "$(date -u -d "$day" +%G-%V)"
    keep_period monthly "${day:0:7}"
    printf '%s%s\n' "$name" "$kept"
  done
}

# keep_period RULE PERIOD: the first, which is the newest, of each period counts. Sets the caller's `kept`.
keep_period() {
  [ -z "${seen[$1 $2]:-}" ] || return 0
  if ((count[$1] < limit[$1])); then
    seen[$1 $2]=1 kept+=" $1"
    ((++count[$1]))
  fi
}

unwanted() { labelled "$@" | grep -v ' ' || true; }
