#!/usr/bin/env bash
# Makes a backup whenever $SCHEDULE says so, until it is told to stop. Ends with 143 then, see serve.sh of the database.
set -u
here=$(dirname "$0")
source "$here/cron.sh"
source "$here/metrics.sh"
cd "$BACKUPS" || exit 1
trap 'exit 143' TERM INT
minute() { echo "$(($(date +%s) / 60))"; }

# The schedule's minutes are told one by one, so none is missed or made twice, however long a backup takes.
seen=$(minute)
while :; do
  touch /tmp/alive
  tell
  sleep 5 &
  wait $!
  for (( ; seen < $(minute); seen++)); do is_due "$SCHEDULE" "$(((seen + 1) * 60))" && wanted=1 due=$((seen + 1)); done
  if [ "${wanted:-}" ]; then
    wanted=''
    record product_backup_due_timestamp_seconds "$((due * 60))" 'When a backup was last due.'
    bash "$here/dump.sh" scheduled &
    while kill -0 $! 2>/dev/null; do touch /tmp/alive; tell; sleep 5 & wait $!; done
  fi
done
