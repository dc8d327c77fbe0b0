# The bucket $BUCKET, and what of $BACKUPS is in it.
# shellcheck shell=sh

# in_bucket COMMAND...: rclone, once, as whoever calls this tries again. Keys are read each time, so that new ones count at once.
in_bucket() {
  RCLONE_CONFIG_BUCKET_ACCESS_KEY_ID=$(cat "$ACCESS_KEY_FILE") \
    RCLONE_CONFIG_BUCKET_SECRET_ACCESS_KEY=$(cat "$SECRET_KEY_FILE") \
    rclone --config '' --retries 1 --low-level-retries 3 --contimeout 10s --timeout 1m "$@"
}

# names: of files on standard input, the backups, oldest first. A backup is there when its manifest is, which comes last.
names() { sed -n 's/^\([0-9TZ-]*\)\.json$/\1/p' | sort; }

# missing THERE HERE: what of the names in HERE is newer than the newest in THERE. What is older has been there: a rule of the bucket
# may have deleted it, and it is not brought again.
missing() { awk -v newest="$(tail -n 1 "$1")" '($0 "") > (newest "")' "$2"; }

# is_whole NAME: whether the dump here is what its manifest says.
is_whole() {
  sha256=$(sed -n 's/.*"sha256":"\([0-9a-f]*\)".*/\1/p' "$BACKUPS/$1.json")
  echo "$sha256  $BACKUPS/$1.dump" | sha256sum -c >/dev/null 2>&1
}

# bring NAME: the dump, which rclone compares on its way and in the bucket, and then the manifest, which says that it is whole.
bring() {
  in_bucket copyto "$BACKUPS/$1.dump" "$BUCKET/$1.dump" &&
    in_bucket check --one-way --include "/$1.dump" "$BACKUPS" "$BUCKET" &&
    in_bucket copyto "$BACKUPS/$1.json" "$BUCKET/$1.json"
}
