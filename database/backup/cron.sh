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

is_due() (
  set -f
  local minute hour day month weekday now
  read -r minute hour day month weekday <<<"$1"
  read -ra now <<<"$(date -u -d "@${2:-$(date +%s)}" '+%M %H %d %m %w')"
  in_field "$minute" "${now[0]}" 0 59 && in_field "$hour" "${now[1]}" 0 23 && in_field "$month" "${now[3]}" 1 12 || return 1
  on_day() { in_field "$day" "${now[2]}" 1 31; }
  on_weekday() { in_field "$weekday" "${now[4]}" 0 7 || { [ "${now[4]}" = 0 ] && in_field "$weekday" 7 0 7; }; }
  # When both name days, either is enough: so says crontab(5).
  case "$day $weekday" in
  [!*]*\ [!*]*) on_day || on_weekday ;;
  *) on_day && on_weekday ;;
  esac
)
