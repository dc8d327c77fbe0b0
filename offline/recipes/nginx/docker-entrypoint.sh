#!/bin/sh
# The official entrypoint's contract: before nginx starts, templates/*.template become files of conf.d with the environment's variables
# filled in, and the scripts in /docker-entrypoint.d run.
set -e
templates=${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
output=${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}

fill_templates() {
  [ -d "$templates" ] || return 0
  # Only variables that exist are filled in, so that nginx keeps its own, such as $host.
  names=$(env | sed -n 's/^\([A-Za-z_][A-Za-z0-9_]*\)=.*/${\1}/p' | grep -E "${NGINX_ENVSUBST_FILTER:-.}" | tr '\n' ' ')
  find -L "$templates" -type f -name '*.template' | while read -r template; do
    target=$output/${template#"$templates"/}
    mkdir -p "$(dirname "$target")"
    envsubst "$names" <"$template" >"${target%.template}"
  done
}

if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
  fill_templates
  for script in $(find -L /docker-entrypoint.d -type f | sort); do
    [ -x "$script" ] || continue
    # shellcheck disable=SC1090  # the user's own files
    # Sourced here, not in a function's loop: an .envsh sets variables for nginx.
    case $script in *.envsh) . "$script" ;; *.sh) "$script" ;; esac
  done
fi
exec "$@"
