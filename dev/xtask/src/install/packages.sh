# Installs the Debian packages named by the arguments. Run as root.
#
# Packages of servers start them as system services. Debian asks policy-rc.d first, so ours says no meanwhile;
# one that was there before (also one left aside by a run that was killed) is put back at the end.
set -eu
policy=${POLICY_RC_D:-/usr/sbin/policy-rc.d}
aside=$policy.before-xtask

restore() {
    rm -f "$policy"
    if [ -e "$aside" ] || [ -L "$aside" ]; then mv "$aside" "$policy"; fi
}
trap restore EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

if [ ! -e "$aside" ] && { [ -e "$policy" ] || [ -L "$policy" ]; }; then mv "$policy" "$aside"; fi
printf '#!/bin/sh\nexit 101\n' >"$policy"
chmod 755 "$policy"

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install --yes --no-install-recommends "$@"
