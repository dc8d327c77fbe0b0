#!/usr/bin/env bash
# Runs Postgres through the official entrypoint and, once it listens, sets the roles to what the secret files say: on a fresh
# volume, on one that an earlier stack left behind, and whenever a password is changed.
# Postgres ends with 0 when it is told to stop. "on-failure" would then leave it down after a planned reboot, so this ends with 143.
set -u

stop() {
  kill -INT "$postgres" 2>/dev/null   # fast shutdown: clients are disconnected, everything is written
  wait "$postgres"
  exit 143
}

set_roles() {
  # While the entrypoint initialises a fresh volume, its temporary server has no TCP port.
  until pg_isready -q -h 127.0.0.1 -U product_app -d product; do sleep 0.2; done
  until psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --username postgres --dbname postgres --file /etc/product-stack/roles.sql; do
    sleep 1
  done
  touch /tmp/roles-ready
}

# After a kill the old postmaster.pid remains, and its number may by now belong to something else in here: Postgres would refuse
# to start. No other server can use this volume while this container has it, so a pid that is not a postgres is stale.
forget_stale_pid() {
  local file=$PGDATA/postmaster.pid pid
  [ -e "$file" ] || return 0
  read -r pid <"$file"
  [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = postgres ] || rm -f "$file"
}

fingerprint() { cat /run/secrets/* | sha256sum; }

# A password that was rotated takes effect at once: the files change under the running server.
follow_passwords() {
  local live seen
  live=$(fingerprint)
  set_roles
  while sleep 1; do
    seen=$(fingerprint)
    if [ "$seen" != "$live" ]; then sleep 1 && live=$(fingerprint) && set_roles; fi
  done
}

forget_stale_pid
docker-entrypoint.sh postgres "$@" &
postgres=$!
trap stop TERM INT
follow_passwords &
wait "$postgres"
code=$?
exit $((code == 0 ? 143 : code))
