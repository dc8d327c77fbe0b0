# prune DAYS: removes what nobody needs to go back to any moment of the last DAYS days. Called in the folder of one history.
# shellcheck shell=bash

prune() {
  local base newest='' oldest
  # Of the copies that are older, the newest one is where the oldest of those days starts from.
  while read -r base; do
    if [ -n "$newest" ]; then rm -rf "base/$newest"; fi
    newest=$base
  done < <(find base -mindepth 1 -maxdepth 1 -mmin "+$(($1 * 1440))" | sed 's|.*/||' | sort)
  oldest=$(ls base | sort | head -n 1)
  [ -z "$oldest" ] || pg_archivecleanup wal "$(<"base/$oldest/first-wal")"
  # Histories that ended before.
  for base in ../*/; do
    if [ -z "$(find "$base" -type f -mmin "-$(($1 * 1440))" | head -n 1)" ]; then rm -rf "$base"; fi
  done
}
