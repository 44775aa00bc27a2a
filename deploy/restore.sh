#!/bin/sh
# Puts a file of `sh deploy/backup.sh` into the place of the database. bot-service rests for some seconds; what
# AmoCRM sends meanwhile waits in the broker.
#
#   sh deploy/restore.sh FILE
#
# The file is read into a database of its own first: one that is damaged changes nothing. The database that was
# there stays as zamer_before_restore until the next time.
set -eu
cd "$(dirname "$0")/.."

[ $# -eq 1 ] && [ -f "$1" ] || { echo "Usage: sh deploy/restore.sh FILE, which is there" >&2; exit 2; }

postgres() { docker compose exec -T -e PGUSER=zamer postgres "$@"; }
sql() { postgres psql --quiet --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=postgres --command="$1" </dev/null; }

sql "drop database if exists zamer_restored"
sql "create database zamer_restored"
if ! postgres pg_restore --exit-on-error --single-transaction --no-owner --dbname=zamer_restored <"$1"; then
    sql "drop database zamer_restored"
    echo "$1 cannot be read; nothing was changed." >&2
    exit 1
fi

docker compose stop bot-service
trap 'docker compose start bot-service' EXIT
sql "drop database if exists zamer_before_restore with (force)"
sql "select pg_terminate_backend(pid) from pg_stat_activity where datname = 'zamer'" >/dev/null
sql "alter database zamer rename to zamer_before_restore; alter database zamer_restored rename to zamer"
echo "Restored from $1. The database before is zamer_before_restore."
