#!/usr/bin/env bash
# Keeps everything that Postgres writes: its write-ahead log as it is written, and a copy of the whole once a day to start from.
# Both are PostgreSQL's own tools. $LINEAGE is the data volume: what another volume wrote is another history.
set -u
here=$(dirname "$0")
mkdir -p "$ARCHIVE/$LINEAGE/"{wal,base}
cd "$ARCHIVE/$LINEAGE" || exit 1
source "$here/prune.sh"
source "$here/pace.sh"
source "$here/metrics.sh"
source "$here/../metrics.sh"
export PGPASSFILE=/tmp/pgpass METRICS_SERVICE=wal-archive
slot=product_archive
say() { printf 'wal-archive: %s\n' "$*" >&2; }
sql() { psql --no-psqlrc --no-align --tuples-only --quiet --dbname "$PGDATABASE" --command "$1"; }

# The slot makes Postgres keep what has not arrived here, up to max_slot_wal_keep_size; beyond that there is a gap.
receive() {
  if [ "$(sql "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '$slot'")" = lost ]; then
    say 'Postgres could not wait any longer for this archive: there is a gap. Starting anew'
    sql "SELECT pg_drop_replication_slot('$slot')"
    # What there was up to the gap is a history of its own, which one can still go back to.
    local ended
    ended=../$LINEAGE-until-$(date -u +%s)
    mkdir "$ended" && mv wal base "$ended" && mkdir wal base
  fi
  pg_receivewal --create-slot --if-not-exists --slot="$slot" &&
    exec pg_receivewal --no-loop --synchronous --slot="$slot" --directory=wal
}

base_is_due() { [ -z "$(find base -mindepth 1 -maxdepth 1 -mmin "-$((BASE_HOURS * 60))")" ]; }

copy_base() {
  local name
  rm -rf .partial
  say 'copying the whole …'
  pg_basebackup --format=tar --gzip --wal-method=none --checkpoint=fast --pgdata=.partial || return
  tar -xzOf .partial/base.tar.gz backup_label >.partial/label || return
  sed -n 's/^START WAL LOCATION: .*file \([0-9A-F]*\).*/\1/p' .partial/label >.partial/first-wal
  # Only from the end of the copy on is it consistent, so that is its name.
  name=$(date -u +%Y-%m-%dT%H-%M-%SZ)
  sync .partial/base.tar.gz && mv .partial "base/$name" && say "copied: $name" && prune "$KEEP_DAYS"
}

try_base() {
  if copy_base; then
    record_base
    may_again base
  else
    rm -rf .partial
    record_base_failed
    put_off base 60 3600
    say "the copy failed, with $(($(free_bytes) / 1048576)) MiB free; again in ${pause[base]} s"
  fi
}

receives() { kill -0 "$receiver" 2>/dev/null; }

# Every ten seconds; a receiver that is there after its pause is well.
watch() {
  ((++rounds % 5 == 0)) || return 0
  if receives && may receive; then may_again receive; fi
  record_behind
}

trap 'exit 143' TERM INT
umask 077
printf '*:*:*:*:%s\n' "$(cat "$PGPASSWORD_FILE")" >"$PGPASSFILE"
receiver='' rounds=0
while :; do
  if ! receives && may receive; then
    receive &
    receiver=$!
    echo "$receiver" >/tmp/receiver
    # A Postgres that is only restarted is back in seconds; a full disk is not.
    put_off receive 2 60
  fi
  tell
  sleep 2 &
  wait $!
  watch
  if receives && base_is_due && may base; then try_base; fi
done
