#!/usr/bin/env bash
# take-in.sh NAME MANIFEST: puts a backup that was elsewhere, its dump on standard input, back among those here, verified before it has a name.
set -euo pipefail
cd "$BACKUPS"
trap 'rm -f .taken-in' EXIT
case $2 in '{"name":"'"$1"'",'*) ;; *) echo "backup: there is no backup $1 there, or its manifest is damaged" >&2; exit 1 ;; esac
sha256=$(sed -n 's/.*"sha256":"\([0-9a-f]*\)".*/\1/p' <<<"$2")
cat >.taken-in
echo "$sha256  .taken-in" | sha256sum -c >/dev/null 2>&1 || { echo "backup: $1 is not what was copied: its checksum differs" >&2; exit 1; }
sync .taken-in
mv .taken-in "$1.dump"
printf '%s\n' "$2" >.taken-in
mv .taken-in "$1.json"
