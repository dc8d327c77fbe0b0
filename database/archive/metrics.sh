# What Prometheus reads about the archive, by the means of the backups' metrics (database/backup/metrics.sh).
# shellcheck shell=bash

record_base() {
  record product_archive_copy_failed 0 'Whether the last copy of the whole failed.'
  record product_archive_copied_timestamp_seconds "$(date +%s)" 'When the whole was last copied.'
  record product_archive_copy_bytes "$(stat -c %s "base/$(ls base | sort | tail -n 1)/base.tar.gz")" 'Size of that copy.'
  record_free
}

record_base_failed() {
  record product_archive_copy_failed 1 'Whether the last copy of the whole failed.'
  record_free
}

record_free() { record product_archive_free_bytes "$(free_bytes)" 'Room left in the archive.'; }

# How much of what Postgres wrote has not arrived. Where it cannot be asked, its own metrics say so.
record_behind() {
  local bytes
  bytes=$(sql "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint FROM pg_replication_slots WHERE slot_name = '$slot'")
  [ -z "$bytes" ] || record product_archive_behind_bytes "$bytes" 'What Postgres wrote that has not arrived in the archive.'
}
