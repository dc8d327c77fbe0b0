#!/usr/bin/env bash
# Writes the dump of $SNAPSHOT, encrypted to the certificate $RECIPIENT when there is one; another pg_restore reads all of it while it passes.
set -euo pipefail
# openssl's CMS: a random AES-256-GCM key for each dump, encrypted to the public key. Only the private key opens it.
seal() {
  if [ -n "$RECIPIENT" ]; then openssl cms -encrypt -binary -stream -aes-256-gcm -outform DER "$RECIPIENT"; else cat; fi
}

mkfifo .partial/plain
pg_restore --file=/dev/null <.partial/plain &
reader=$!
pg_dump --format=custom --compress=6 --snapshot="$SNAPSHOT" --lock-wait-timeout=60s |
  tee .partial/plain | seal | tee .partial/dump | sha256sum >.partial/written
wait "$reader"
rm .partial/plain
