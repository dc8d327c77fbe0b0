# Until which minute the schedule has been seen to; kept beside the backups, so that what is due while nothing runs is made afterwards.
# shellcheck shell=bash

# seen_until NOW: the minute since 1970; where nothing is kept yet, when the newest backup was begun, else now.
seen_until() {
  local kept newest
  kept=$(cat .seen 2>/dev/null || true)
  newest=$(ls | grep '\.json$' | sort | tail -n 1 || true)
  if ! [[ $kept =~ ^[0-9]+$ ]] && [ -n "$newest" ]; then
    kept=$(($(date -u -d "${newest:0:10} ${newest:11:2}:${newest:14:2}" +%s) / 60))
  fi
  # A clock that was ahead must not keep the schedule from being seen to.
  if ! [[ $kept =~ ^[0-9]+$ ]] || ((kept > $1)); then kept=$1; fi
  echo "$kept"
}

# see MINUTE: a full disk leaves what is kept as it is, and then a backup is made once more.
see() {
  seen=$1
  if echo "$1" 2>/dev/null >.seen.next; then mv .seen.next .seen; else rm -f .seen.next; fi
}

# record_next MINUTE: what comes after it; alerts read it when this is down.
record_next() {
  if ((${next:=0} > $1)); then return; fi
  next=$(first_due "$SCHEDULE" "$(($1 + 1))" "$(($1 + 366 * 1440))") || return 0
  record product_backup_next_timestamp_seconds "$((next * 60))" 'When the next backup is due.'
}
