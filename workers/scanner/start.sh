#!/bin/bash
# Signatures first, then their updates every two hours, clamd and the scanner. When one of them ends, the container does.
set -eu
freshclam --quiet
freshclam --daemon --foreground --checks=12 &
clamd --config-file /etc/clamav/clamd.conf &
node main.ts &
wait -n
exit 1
