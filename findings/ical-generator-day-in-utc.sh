#!/bin/sh
# ical-generator 10.2.0 (npm): an all-day event is written with the day in UTC, not the day of the Date's own zone.
# Expected: new Date(2027, 0, 15), allDay, on a computer in Auckland gives DTSTART;VALUE=DATE:20270115.
# Seen: 20270114, so every reader shows the event a day early. West of Greenwich the day is right.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund ical-generator@10.2.0
cat > run.mjs <<'END'
import ical from 'ical-generator'
const calendar = ical()
calendar.createEvent({ start: new Date(2027, 0, 15), allDay: true, summary: 'Audit the data' })
console.log(process.env.TZ, /DTSTART.*/.exec(calendar.toString())[0].trim())
END
for zone in America/Los_Angeles Pacific/Auckland; do TZ=$zone node run.mjs; done | tee seen
cat > expected <<'END'
America/Los_Angeles DTSTART;VALUE=DATE:20270115
Pacific/Auckland DTSTART;VALUE=DATE:20270114
END
cmp expected seen
