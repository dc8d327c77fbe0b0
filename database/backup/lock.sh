# lock FILE: whether this process is the one that has it; until it ends, and then the next. The file is a link, made at once or not at all, that
# points to a pid. (Not every Postgres image has a program for this.)
# shellcheck shell=bash

lock() {
  local other
  if ln -s "$$" "$1" 2>/dev/null; then return; fi
  other=$(readlink "$1") || return 1
  if kill -0 "$other" 2>/dev/null; then return 1; fi
  # That one was killed. Of those who see it, one may take its place.
  mkdir "$1-of-$other" 2>/dev/null || return 1
  if [ "$(readlink "$1")" = "$other" ]; then rm "$1" && ln -s "$$" "$1" 2>/dev/null; fi
  rmdir "$1-of-$other"
  [ "$(readlink "$1")" = "$$" ]
}

# unlock FILE: of one that has it.
unlock() { rm -f "$1"; }
