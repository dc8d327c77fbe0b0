# is_due "MINUTE HOUR DAY MONTH WEEKDAY" [UNIX-TIME]: whether a cron schedule (crontab(5): * , - /) names this minute, in UTC.
# shellcheck shell=bash

# in_field FIELD NUMBER LOWEST HIGHEST
in_field() {
  local part range step first last
  for part in ${1//,/ }; do
    range=${part%%/*} step=1
    [ "$part" = "$range" ] || step=${part##*/}
    case $range in
    '*') first=$3 last=$4 ;;
    *-*) first=${range%-*} last=${range#*-} ;;
    *) first=$range last=$range; [ "$part" = "$range" ] || last=$4 ;;
    esac
    if ((10#$2 >= 10#$first && 10#$2 <= 10#$last && (10#$2 - 10#$first) % 10#$step == 0)); then return 0; fi
  done
  return 1
}

is_due() {
  local - minute hour now
  set -f
  read -r minute hour _ <<<"$1"
  TZ=UTC printf -v now '%(%M %H)T' "${2:--1}"
  is_due_day "$1" "${2:--1}" && in_field "$minute" "${now% *}" 0 59 && in_field "$hour" "${now#* }" 0 23
}

# is_due_day SCHEDULE UNIX-TIME: whether it names this day.
is_due_day() {
  local - day month weekday now
  set -f
  read -r _ _ day month weekday <<<"$1"
  TZ=UTC printf -v now '%(%d %m %w)T' "$2"
  # shellcheck disable=SC2086  # three numbers
  set -- $now
  in_field "$month" "$2" 1 12 || return 1
  # When both name days, either is enough: so says crontab(5).
  case "$day $weekday" in
  [!*]*\ [!*]*) in_field "$day" "$1" 1 31 || in_weekday "$weekday" "$3" ;;
  *) in_field "$day" "$1" 1 31 && in_weekday "$weekday" "$3" ;;
  esac
}

# Sunday is 0, and 7.
in_weekday() { in_field "$1" "$2" 0 7 || { [ "$2" = 0 ] && in_field "$1" 7 0 7; }; }

# first_due SCHEDULE FROM TO: prints the first minute since 1970 that is due, on the way from one to the other, whichever is earlier.
first_due() {
  local at=$2 step=1
  (($2 <= $3)) || step=-1
  while ((step * at <= step * $3)); do
    if ! is_due_day "$1" "$((at * 60))"; then
      ((at = step > 0 ? (at / 1440 + 1) * 1440 : at / 1440 * 1440 - 1))
    elif is_due "$1" "$((at * 60))"; then
      echo "$at"
      return
    else
      ((at += step)) || true
    fi
  done
  return 1
}
