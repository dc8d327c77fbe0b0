#!/usr/bin/env bash
# Makes a backup whenever $SCHEDULE says so, until it is told to stop. Ends with 143 then, see serve.sh of the database.
set -u
here=$(dirname "$0")
source "$here/cron.sh"
source "$here/metrics.sh"
source "$here/seen.sh"
cd "$BACKUPS" || exit 1
[ -w . ] || {
  echo "backup: $(id -u):$(id -g) may not write to backup.folder. Run on the engine's machine: chown $(id -u):$(id -g) FOLDER; chmod 700 FOLDER" >&2
  exit 1
}
trap 'exit 143' TERM INT
minute() { echo "$(($(date +%s) / 60))"; }

# make DUE: the backup of that minute. What was due is told before, so that one that is never made is missed.
make() {
  local tries
  record product_backup_due_timestamp_seconds "$(($1 * 60))" 'When a backup was last due.'
  # After a power cut the database may come up later than this.
  for ((tries = 0; tries < 60; tries++)); do
    if pg_isready --quiet; then break; fi
    touch /tmp/alive
    tell
    sleep 5 &
    wait $!
  done
  bash "$here/dump.sh" scheduled &
  while kill -0 $! 2>/dev/null; do touch /tmp/alive; tell; sleep 5 & wait $!; done
}

# However many were missed while this was down, or while a backup was made, one makes up for them.
seen=$(seen_until "$(minute)")
while :; do
  touch /tmp/alive
  now=$(minute)
  if ((now > seen)); then
    if due=$(first_due "$SCHEDULE" "$now" "$((seen + 1))"); then make "$due"; fi
    see "$now"
  fi
  record_next "$now"
  tell
  sleep 5 &
  wait $!
done
