#!/bin/sh
# run.sh [CONFIGURATION]: runs nginx, and reloads it without dropping a connection when its files or its certificate change.
# nginx ends with 0 when it is told to stop. "on-failure" would then leave it down after a planned reboot, so this ends with 143.
set -u
conf=${1:-/etc/product-stack/nginx.conf}
watched='/etc/product-stack /run/secrets'

fingerprint() { find $watched -type f -exec sha256sum {} + 2>/dev/null | sha256sum; }

stop() {
  kill -QUIT "$nginx" 2>/dev/null
  wait "$nginx"
  exit 143
}

nginx -c "$conf" -g 'daemon off;' &
nginx=$!
trap stop TERM INT QUIT

live=$(fingerprint)
while kill -0 "$nginx" 2>/dev/null; do
  sleep 1 &
  wait $!
  seen=$(fingerprint)
  [ "$seen" != "$live" ] || continue
  # Files arrive one by one: wait until a second has passed without a change.
  sleep 1
  [ "$seen" = "$(fingerprint)" ] || continue
  live=$seen
  if nginx -t -q -c "$conf"; then
    echo "run.sh: configuration changed, reloading" >&2
    kill -HUP "$nginx"
  else
    echo "run.sh: the new configuration is wrong, the old one serves on" >&2
  fi
done
wait "$nginx"
exit 1
