#!/bin/bash
# The official entrypoint's contract as far as applications use it: POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB and their _FILE
# forms, POSTGRES_INITDB_ARGS, POSTGRES_HOST_AUTH_METHOD, /docker-entrypoint-initdb.d; as root it goes on as user postgres.
set -Eeo pipefail

# read_setting NAME [DEFAULT] -- sets NAME, from the file that NAME_FILE names where that is set.
read_setting() {
  local file=$1_FILE
  if [ -n "${!1:-}" ] && [ -n "${!file:-}" ]; then
    echo >&2 "error: both $1 and $file are set (but are exclusive)"
    exit 1
  fi
  if [ -n "${!file:-}" ]; then printf -v "$1" %s "$(<"${!file}")"; else printf -v "$1" %s "${!1:-${2:-}}"; fi
  unset "$file"
}

read_settings() {
  read_setting POSTGRES_PASSWORD
  read_setting POSTGRES_USER postgres
  read_setting POSTGRES_DB "$POSTGRES_USER"
  read_setting POSTGRES_INITDB_ARGS
  auth=${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}
  if [ -z "$POSTGRES_PASSWORD" ] && [ "$auth" != trust ]; then
    echo >&2 'Error: Database is uninitialized and superuser password is not specified. Set POSTGRES_PASSWORD.'
    exit 1
  fi
}

become_postgres() {
  mkdir -p "$PGDATA" /run/postgresql
  chmod 700 "$PGDATA"
  chown -R postgres:postgres "$PGDATA"
  chown postgres:postgres /run/postgresql
  chmod 3775 /run/postgresql
  exec gosu postgres "${BASH_SOURCE[0]}" "$@"
}

sql() {
  PGPASSWORD=$POSTGRES_PASSWORD psql -v ON_ERROR_STOP=1 --no-psqlrc --username "$POSTGRES_USER" --no-password "$@"
}

create_cluster() {
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA" || true
  # As in the official image, the arguments are a line of shell.
  eval 'initdb --username="$POSTGRES_USER" --pwfile=<(printf "%s\n" "$POSTGRES_PASSWORD") '"$POSTGRES_INITDB_ARGS"
  printf '\nhost all all all %s\n' "$auth" >>"$PGDATA/pg_hba.conf"
}

run_init_files() {
  # shellcheck disable=SC1090  # the user's own files
  for file in /docker-entrypoint-initdb.d/*; do
    case $file in
      *.sh) if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
      *.sql) sql -d "$POSTGRES_DB" -f "$file" ;;
      *.sql.gz) gunzip -c "$file" | sql -d "$POSTGRES_DB" ;;
    esac
  done
}

initialise() {
  read_settings
  create_cluster
  # The temporary server has a socket and no port, so that nobody connects before the files have run.
  PGUSER=$POSTGRES_USER pg_ctl -D "$PGDATA" -o "-c listen_addresses='' -p ${PGPORT:-5432}" -w start
  [ "$POSTGRES_DB" = postgres ] || echo 'CREATE DATABASE :"db";' | sql -d postgres -v db="$POSTGRES_DB"
  run_init_files
  pg_ctl -D "$PGDATA" -m fast -w stop
  printf '\nPostgreSQL init process complete; ready for start up.\n\n'
}

if [ "${1:0:1}" = - ]; then set -- postgres "$@"; fi
# Nothing is created just to print something.
case " $* " in *' --help '* | *' --version '* | *' -V '*) exec "$@" ;; esac
if [ "$1" = postgres ]; then
  if [ "$(id -u)" = 0 ]; then become_postgres "$@"; fi
  if [ -s "$PGDATA/PG_VERSION" ]; then
    echo 'PostgreSQL Database directory appears to contain a database; Skipping initialization'
  else
    initialise
  fi
fi
exec "$@"
