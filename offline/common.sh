# Shared by the kit's scripts; source it from inside offline/.
# shellcheck shell=bash
source ../scripts/common.sh
# shellcheck disable=SC2034  # say reads it
speaker='offline kit'

# One run at a time does work: a second one waits, and must then look again what is left to do.
lock() {
  mkdir -p "$cache_dir"
  exec 9>"$cache_dir/lock"
  flock --nonblock 9 || { say 'another run is at work: waiting for it'; flock 9; }
}

# once DIR WHAT BUILD -- makes DIR by BUILD, which fills $unfinished; what is there is left alone, and what fails leaves nothing.
once() {
  if [ -d "$1" ]; then return; fi
  lock
  if [ -d "$1" ]; then return; fi
  unfinished=$(mktemp -d "$cache_dir/unfinished.XXXXXX")
  trap 'rm -rf "$unfinished"' EXIT
  timed "$2" "$3"
  chmod 755 "$unfinished"
  mv "$unfinished" "$1"
  trap - EXIT
}

# key FILE... -- twelve digits that change with the files' content.
key() { cat "$@" | sha256sum | cut -c1-12; }

# The Debian mirror that this machine's own apt configuration names; apt knows it after an update.
debian_mirror() {
  known_mirror && return
  apt_update
  known_mirror || fail 'the apt configuration names no Debian mirror. Look at /etc/apt/sources.list.d'
}
known_mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 'Label: Debian' | grep -m 1 .; }
