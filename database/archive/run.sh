#!/usr/bin/env bash
# Keeps everything that Postgres writes: its write-ahead log as it is written, and a copy of the whole once a day to start from.
# Both are PostgreSQL's own tools. $LINEAGE is the data volume: what another volume wrote is another history.
set -u
here=$(dirname "$0")
mkdir -p "$ARCHIVE/$LINEAGE/"{wal,base}
cd "$ARCHIVE/$LINEAGE" || exit 1
source "$here/prune.sh"
export PGPASSFILE=/tmp/pgpass
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

trap 'exit 143' TERM INT
umask 077
printf '*:*:*:*:%s\n' "$(cat "$PGPASSWORD_FILE")" >"$PGPASSFILE"
receiver=''
while :; do
  if ! kill -0 "$receiver" 2>/dev/null; then
    receive &
    receiver=$!
    echo "$receiver" >/tmp/receiver
  fi
  sleep 2 &
  wait $!
  if kill -0 "$receiver" 2>/dev/null && base_is_due; then copy_base || rm -rf .partial; fi
done
