#!/bin/sh
# Writes random secrets into .env where nothing stands yet; what stands there stays. May be run again at will.
#
#   sh deploy/secrets.sh
set -eu
umask 077
cd "$(dirname "$0")/.."

[ -f .env ] || { echo "There is no .env yet: cp .env.example .env" >&2; exit 1; }

new=.env.new.$$
trap 'rm -f "$new"' EXIT
trap 'exit 1' INT TERM HUP

# 48 hexadecimal digits: fit for an address as they are.
random() { od -A n -N 24 -t x1 /dev/urandom | tr -d ' \n'; }

for name in WEBHOOK_SECRET TELEGRAM_WEBHOOK_SECRET DATABASE_PASSWORD BROKER_PASSWORD GRAFANA_PASSWORD; do
    # The last line counts, as for everybody who reads the file; a value may be absent, empty or "".
    value=$(sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$name[[:space:]]*=//p" .env |
        tail -n 1 | sed "s/[[:space:]]#.*//; s/[[:space:]\"']//g")
    [ -z "$value" ] || { echo "$name stays as it is"; continue; }
    secret=$(random)
    [ "${#secret}" -eq 48 ] || { echo "/dev/urandom gave nothing" >&2; exit 1; }
    # The secret goes through the environment: arguments are seen by everybody on the machine.
    name=$name secret=$secret awk '
        BEGIN { pattern = "^[ \t]*(export[ \t]+)?" ENVIRON["name"] "[ \t]*=" }
        $0 ~ pattern { if (!done) print ENVIRON["name"] "=" ENVIRON["secret"]; done = 1; next }
        { print }
        END { if (!done) print ENVIRON["name"] "=" ENVIRON["secret"] }
    ' .env >"$new"
    mv "$new" .env
    echo "$name is new"
done
chmod 600 .env
