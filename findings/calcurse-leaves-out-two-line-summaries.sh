#!/bin/sh
# calcurse 4.7.1-1 (Debian 12): an event whose SUMMARY holds an escaped line break (\n) is not imported.
# Expected: RFC 5545 allows \n in a SUMMARY; the event is imported, if on one line.
# Seen: "1 skipped", exit 1; the event beside it comes in.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
apt-get download -qq -o APT::Sandbox::User=root calcurse=4.7.1-1
dpkg -x calcurse_*.deb here
event() {
  printf 'BEGIN:VEVENT\r\nUID:%s\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;VALUE=DATE:20270115\r\n' "$1"
  printf 'DTEND;VALUE=DATE:20270116\r\nSUMMARY:%s\r\nEND:VEVENT\r\n' "$2"
}
{
  printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//example//EN\r\n'
  event one 'On one line'
  event two 'On two\nlines'
  printf 'END:VCALENDAR\r\n'
} > two.ics
code=0
here/usr/bin/calcurse -D data -i two.ics > seen 2>&1 || code=$?
cat seen data/apts
echo "exit $code"
[ "$code" = 1 ] && grep -q '1 event / 0 todos / 1 skipped' seen && ! grep -q 'On two' data/apts
