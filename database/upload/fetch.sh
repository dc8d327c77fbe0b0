#!/bin/sh
# fetch.sh FILE: a file of the bucket, such as 2026-11-24T03-00-00Z.dump, on standard output.
set -eu
. "$(dirname "$0")/bucket.sh"
in_bucket cat "$BUCKET/$1"
