#!/bin/sh
# Brings to the bucket every backup that is newer than the newest there, the oldest first, for ever. Deletes nothing there.
# Leaves in /tmp, where there is little room: `there`, the backups in the bucket; `problem`, why the last try failed; `metrics.prom`.
set -u
. "$(dirname "$0")/bucket.sh"
cd /tmp || exit 1
: >there
echo 'nobody has looked into the bucket yet' >problem
waiting_since=0

say() { printf 'backup-upload: %s\n' "$*" >&2; }

# time_of NAME: seconds since 1970 of 2026-11-24T03-00-00Z.
time_of() { date -u -d "$(echo "$1" | sed 's/T\(..\)-\(..\)-\(..\)Z/ \1:\2:\3/')" +%s; }

metric() { printf '# HELP %s %s\n# TYPE %s gauge\n%s %s\n' "$1" "$3" "$1" "$1" "$2"; }

record() {
  newest=$(tail -n 1 there)
  {
    metric product_backup_upload_failed "$([ -s problem ] && echo 1 || echo 0)" 'Whether the last try to copy backups failed.'
    metric product_backup_upload_waiting "$(missing there here | wc -l)" 'Backups that are not in the bucket yet.'
    metric product_backup_upload_waiting_since_timestamp_seconds "$waiting_since" 'Since when any waits; 0 is none.'
    [ -z "$newest" ] || metric product_backup_upload_newest_timestamp_seconds "$(time_of "$newest")" 'When the newest in the bucket was made.'
  } >metrics.next
  mv metrics.next metrics.prom
}

# failed WHAT: with what rclone said last, and nothing around it. It calls a bucket that is not there, or not for these keys, a directory.
failed() {
  printf '%s: %s\n' "$1" "$(sed -n '/./p' said | tail -n 1 | sed 's/.*api error //; s/.*request send failed, //; s/.*NOTICE: Failed to [a-z]*: //
    s/.*directory not found/there is no such bucket, or not for these keys/; s/[. ]*$//')" >problem
  record
  return 1
}

# Nothing has come since all was there, and that was looked at within the hour: a key that no longer works is told before it is needed.
is_settled() { cmp -s here settled && [ -n "$(find settled -mmin -60)" ]; }

carry() {
  ls "$BACKUPS" | names >here
  if is_settled; then return 0; fi
  [ "$waiting_since" != 0 ] || waiting_since=$(date +%s)
  in_bucket lsf --files-only "$BUCKET" >listed 2>said || { failed 'the bucket cannot be read'; return 1; }
  names <listed >there
  record
  damaged=''
  for name in $(missing there here); do
    is_whole "$name" || { damaged=$name; continue; }
    started=$(date +%s)
    say "$name: copying $(stat -c %s "$BACKUPS/$name.dump") bytes …"
    bring "$name" 2>said || { failed "$name is not there yet"; return 1; }
    echo "$name" >>there
    say "$name: there and verified after $(($(date +%s) - started)) s"
  done
  # One that is damaged does not keep those after it from being copied.
  [ -z "$damaged" ] || { echo 'it is damaged here, its checksum differs' >said; failed "$damaged is not copied"; return 1; }
  : >problem
  waiting_since=0
  cp here settled
  record
}

keys() { cat "$ACCESS_KEY_FILE" "$SECRET_KEY_FILE" | sha256sum; }

# rest SECONDS: new keys are tried at once.
rest() {
  until=$(($(date +%s) + $1)) known=$(keys)
  while [ "$(date +%s)" -lt "$until" ] && [ "$(keys)" = "$known" ]; do sleep 5; done
}

pause=5
while :; do
  if carry; then
    pause=5
  else
    pause=$((pause < 160 ? pause * 2 : 300))
    say "$(cat problem). Next try in $pause s"
  fi
  rest "$pause"
done
