#!/bin/sh
# ics 3.12.0 (npm): lines are folded by characters, not by octets, and a duration of one day is "P1DT".
# Expected (RFC 5545): no line is longer than 75 octets; P1D (a "T" must be followed by a time).
# Seen: a Chinese summary makes a line of more than twice that, and DURATION:P1DT.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund ics@3.12.0
cat > run.mjs <<'END'
import { createEvent } from 'ics'
const { value } = createEvent({ start: [2027, 1, 15], duration: { days: 1 }, title: '学校数据'.repeat(30) })
const lines = value.split('\r\n')
console.log('longest line:', Math.max(...lines.map(line => Buffer.byteLength(line))), 'octets')
console.log(lines.find(line => line.startsWith('DURATION')))
END
node run.mjs | tee seen
octets=$(sed -n 's/longest line: \([0-9]*\) octets/\1/p' seen)
[ "$octets" -gt 75 ] && grep -qx 'DURATION:P1DT' seen
