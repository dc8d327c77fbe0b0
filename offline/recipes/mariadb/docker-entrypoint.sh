#!/bin/bash
# The official entrypoint's contract as far as it is used here: MARIADB_ROOT_PASSWORD or MARIADB_ALLOW_EMPTY_ROOT_PASSWORD,
# MARIADB_DATABASE; as root it goes on as user mysql.
set -Eeo pipefail

data=/var/lib/mysql

initialise() {
  if [ -z "$MARIADB_ROOT_PASSWORD$MARIADB_ALLOW_EMPTY_ROOT_PASSWORD" ]; then
    echo >&2 'error: set MARIADB_ROOT_PASSWORD or MARIADB_ALLOW_EMPTY_ROOT_PASSWORD'
    exit 1
  fi
  mariadb-install-db --datadir="$data" --auth-root-authentication-method=normal --skip-test-db --skip-log-bin >/dev/null
  # The first statements need no server that listens.
  statements | mariadbd --datadir="$data" --bootstrap --silent-startup
}

statements() {
  echo 'FLUSH PRIVILEGES;'
  echo "SET PASSWORD FOR root@localhost = PASSWORD('${MARIADB_ROOT_PASSWORD//\'/\'\'}');"
  if [ -n "$MARIADB_DATABASE" ]; then echo "CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\`;"; fi
}

if [ "${1:0:1}" = - ]; then set -- mariadbd "$@"; fi
if [ "$1" = mariadbd ]; then
  if [ "$(id -u)" = 0 ]; then exec gosu mysql "${BASH_SOURCE[0]}" "$@"; fi
  [ -d "$data/mysql" ] || initialise
fi
exec "$@"
