#!/bin/sh
# Writes the whole database into a file that `sh deploy/restore.sh FILE` takes; the services go on meanwhile.
#
#   sh deploy/backup.sh [FILE]      without FILE: backups/zamer-<time>.dump
set -eu
umask 077
cd "$(dirname "$0")/.."

file=${1:-backups/zamer-$(date +%Y-%m-%d-%H%M%S).dump}
mkdir -p "$(dirname "$file")"
trap 'rm -f "$file.part"' EXIT
trap 'exit 1' INT TERM HUP

# What broke off in the middle never gets the file's name.
docker compose exec -T -e PGUSER=zamer postgres pg_dump --format=custom zamer >"$file.part"
mv "$file.part" "$file"
echo "$file: $(wc -c <"$file" | tr -d ' ') bytes"
