# Shared by the kit's scripts: where results are kept, how work is announced, and keys.
# shellcheck shell=bash
set -euo pipefail

cache=${PRODUCT_STACK_CACHE:-/var/cache/product-stack}
mkdir -p "$cache"

say() { printf 'offline kit: %s\n' "$*" >&2; }

# timed WHAT COMMAND... -- says what is being done, then how long it took.
timed() {
  local what=$1 start=$SECONDS
  shift
  say "$what …"
  "$@"
  say "$what: $((SECONDS - start)) s"
}

# key FILE... -- twelve digits that change with the files' content.
key() { cat "$@" | sha256sum | cut -c1-12; }

# One run at a time: the second waits and then finds the results.
exec 9>"$cache/lock"
flock 9
