# What Prometheus reads about the backups: metrics.prom, a text file beside them; and tells the stack's metrics store, where there is one.
# The archive's are kept and told in the same way (database/archive/metrics.sh).
# shellcheck shell=bash

# What holds now, in memory: a disk that is full to the last byte must not keep from the alerts that it is. Beside the backups for the next start.
export figures=/tmp/metrics.prom

# record NAME VALUE HELP...: sets one metric, atomically; the others stay.
record() {
  local name=$1 value=$2
  shift 2
  [ -e "$figures" ] || cp metrics.prom "$figures" 2>/dev/null || touch "$figures"
  { grep -v "^\(# [A-Z]* \)\?$name " "$figures" || true; printf '# HELP %s %s\n# TYPE %s gauge\n%s %s\n' "$name" "$*" "$name" "$name" "$value"; } >"$figures.$$"
  mv "$figures.$$" "$figures"
  if cp "$figures" ".next.$$"; then mv ".next.$$" metrics.prom; else rm -f ".next.$$"; fi
}

# tell: posts them to the store at $METRICS_STORE (HOST/PORT). Nothing in this image serves http, so the store is told and does not ask;
# `up` is what it would note if it did. A store that is away is told the next time.
tell() {
  [ -n "${METRICS_STORE:-}" ] || return 0
  timeout 3 bash -c '
    LC_ALL=C body=$(cat "$figures" 2>/dev/null || cat metrics.prom 2>/dev/null; echo up 1)
    exec 3<>"/dev/tcp/$METRICS_STORE"
    printf "POST /api/v1/import/prometheus?extra_label=service=${METRICS_SERVICE:-backup} HTTP/1.0\r\nContent-Length: %d\r\n\r\n%s\n" "$((${#body} + 1))" "$body" >&3
    cat <&3' >/dev/null 2>&1 || true
}

record_failure() {
  record product_backup_last_attempt_failed 1 'Whether the last backup failed.'
  record_room
}

record_room() { record product_backup_free_bytes "$(free_bytes)" 'Room left for backups.'; }

free_bytes() {
  local free
  read -r _ _ _ free _ < <(df -Pk . | tail -1)
  echo "$((free * 1024))"
}

record_success() {
  record product_backup_last_attempt_failed 0 'Whether the last backup failed.'
  record product_backup_last_success_timestamp_seconds "$(date +%s)" 'When a backup was last made and verified.'
  record product_backup_size_bytes "$(stat -c %s "$1.dump")" 'Size of the newest backup.'
  record product_backup_duration_seconds "$(($(date +%s) - started))" 'How long the newest backup took.'
  record product_backup_kept "$(find . -maxdepth 1 -name '*.json' | wc -l)" 'How many backups are kept.'
  record_room
}
