# Shared by setup and the offline kit: where things are kept, and how work is announced. Source it.
# shellcheck shell=bash
set -euo pipefail

# Kept for good: what a user cannot make again (the passphrase).
# shellcheck disable=SC2034  # the scripts that source this read it
config_dir=${XDG_CONFIG_HOME:-$HOME/.config}/product-stack

# Can be deleted at any time, and is made again: programs, logs.
if [ "$(id -u)" = 0 ]; then cache_dir=/var/cache; else cache_dir=${XDG_CACHE_HOME:-$HOME/.cache}; fi
cache_dir=${PRODUCT_STACK_CACHE:-$cache_dir/product-stack}

# Every script's first lines say what it is and what it takes; --help shows them.
case " $* " in
*' --help '* | *' -h '*)
  { cat "scripts/${0##*/}" "./${0##*/}" 2>/dev/null || true; } | sed -n '2,/^[^#]/s/^# \{0,1\}//p'
  exit 0
  ;;
esac

say() { printf '%s: %s\n' "${speaker:-setup}" "$*" >&2; }
fail() { say "$*"; exit 1; }
have() { command -v "$1" >/dev/null; }
quietly() { "$@" >/dev/null 2>&1; }

# timed WHAT COMMAND... -- says what is being done, then how long it took.
timed() {
  local what=$1 start=$SECONDS
  shift
  say "$what …"
  "$@"
  say "$what: $((SECONDS - start)) s"
}

# Whether the stack's Postgres is managed elsewhere; the value need not be read for that.
has_managed_database() { quietly grep -q '^ *product-stack:databaseUrl:' "Pulumi.$1.yaml"; }

# Whether the stack is on a Swarm.
is_on_swarm() { quietly grep -qE "^ *product-stack:engine: ['\"]?swarm" "Pulumi.$1.yaml"; }

# A dev stack writes into the checkout as its caller: state, packages, and what its services make. So it must be the caller's.
need_own_checkout() {
  local me owner_uid owner_gid
  me=$(id -u)
  read -r _ _ owner_uid owner_gid _ < <(ls -nd .)
  [ "$me" != 0 ] || fail 'the dev stack runs as the user who calls it, and root would own the files that it makes. Call it as an ordinary user in the group docker'
  [ ! -w . ] || [ ! -w apps/kit ] || [ ! -w .state ] || return 0
  [ "$me" = "$owner_uid" ] || fail "this checkout belongs to $owner_uid:$owner_gid, and you are $me:$(id -g), who may not write here. Use a checkout of your own: git clone"
  fail 'this checkout is read-only for you. Make it writable (chmod -R u+w .), or clone it to a disk that is'
}

# Whether this user may install Debian packages on this machine.
is_debian_root() { [ "$(id -u)" = 0 ] && have apt-get && grep -q '^ID=debian' /etc/os-release; }

# Another apt may be at work, such as the nightly upgrades of a server. Only an install can be told to wait for it.
apt_update() {
  local said patience=150
  until said=$(LC_ALL=C apt-get update -qq 2>&1); do
    case $said in *'Could not get lock'*) ;; *) patience=0 ;; esac
    ((patience > 0)) || { echo "$said" >&2; return 1; }
    ((patience-- < 150)) || say 'another apt is at work: waiting for it'
    sleep 2
  done
}
apt_install() {
  apt_update
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@" >/dev/null
}
