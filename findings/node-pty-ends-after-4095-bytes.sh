#!/bin/sh
# @lydell/node-pty 1.1.0 (npm), on Linux: the end of what a short-lived program writes may never be read.
# Expected: a program writes 6,000 bytes to its pseudo-terminal and ends; whoever reads the other side gets 6,000.
# Seen: 4,095, where the program ends before the first read. Linux gives a reader of a pseudo-terminal at most 4,095
# bytes at once; libuv takes a read that did not fill its buffer, together with the hang-up, for the end.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund @lydell/node-pty@1.1.0
cat > run.mjs <<'END'
import { spawn } from '@lydell/node-pty'
const pty = spawn('sh', ['-c', "head -c 6000 /dev/zero | tr '\\0' x"], {})
let length = 0
pty.onData(data => { length += data.length })
pty.onExit(() => console.log(`read: ${length} of 6000`))
// A test that is busy for a while.
for (const until = Date.now() + 1000; Date.now() < until; );
END
node run.mjs | tee seen
grep -qx 'read: 4095 of 6000' seen
