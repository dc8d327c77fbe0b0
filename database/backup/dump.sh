#!/usr/bin/env bash
# dump.sh REASON: one backup of the database, verified, into $BACKUPS. Prints its name. Nothing that is half-written ever has a name.
set -euo pipefail
HERE=$(dirname "$0")
RECIPIENT=$HERE/../recipient.pem
source "$HERE/keep.sh"
source "$HERE/lock.sh"
source "$HERE/metrics.sh"
cd "$BACKUPS"
started=$(date +%s)
if [ -s "$RECIPIENT" ]; then encrypted=true; else encrypted=false RECIPIENT=''; fi
export HERE RECIPIENT
export PGPASSFILE=/tmp/pgpass PGOPTIONS='-c statement_timeout=0'

say() { printf 'backup: %s\n' "$*" >&2; }
failed() {
  local free
  free=$(free_bytes)
  rm -rf .partial
  record_failure
  say "failed after $(($(date +%s) - started)) s, with $((free / 1048576)) MiB free; the backups of before are untouched"
}

# Whoever else makes one does it in this container.
if ! lock /tmp/dumping; then
  say 'another backup is at work. Try again when it is done'
  exit 75
fi
trap 'unlock /tmp/dumping' EXIT
trap failed ERR
rm -rf .partial && mkdir .partial
(umask 077 && printf '*:*:*:*:%s\n' "$(cat "$PGPASSWORD_FILE")" >"$PGPASSFILE")

name=$(date -u -d "@$started" +%Y-%m-%dT%H-%M-%SZ)
[ ! -e "$name.json" ] || { say "there is one of this very second: $name"; exit 75; }
say "dumping $PGDATABASE as $name …"
# One transaction sees everything that is counted and dumped.
psql --quiet --no-psqlrc --no-align --tuples-only --set ON_ERROR_STOP=1 --file "$HERE/dump.sql"

say "written, $(stat -c %s .partial/dump) bytes; reading it back …"
sync .partial/dump
read -r written _ <.partial/written
read -r sha256 _ <<<"$(sha256sum .partial/dump)"
[ "$written" = "$sha256" ] || { say "what is on the disk is not what was written"; false; }
printf '{"name":"%s","reason":"%s","started":"%s","seconds":%d,"bytes":%d,"sha256":"%s","encrypted":%s,%s}\n' \
  "$name" "${1:-asked}" "$(date -u -d "@$started" +%FT%TZ)" "$(($(date +%s) - started))" "$(stat -c %s .partial/dump)" \
  "$sha256" "$encrypted" "$(<.partial/facts)" >.partial/manifest
sync .partial/manifest
# The manifest comes last: a backup is there when its manifest is.
mv .partial/dump "$name.dump"
mv .partial/manifest "$name.json"
ln -sfn "$name.dump" .latest && mv -T .latest latest
rm -rf .partial
sync "$BACKUPS"
trap - ERR

# Only after a success does anything go. KEEP: LAST DAILY WEEKLY MONTHLY
# shellcheck disable=SC2086  # four words
for old in $(ls -- *.json | sed 's/\.json$//' | sort -r | unwanted $KEEP); do
  say "no longer kept: $old"
  rm -f "$old.json" "$old.dump"
done
record_success "$name"
say "done after $(($(date +%s) - started)) s, $(ls -- *.json | wc -l) backups kept"
echo "$name"
