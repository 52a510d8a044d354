#!/bin/sh
# marked-terminal 7.3.1 with marked 18.2.1 (npm): bold text in a tight list keeps its asterisks.
# Expected: "- **bold** item" is drawn as in a loose list (a blank line between the items), without asterisks.
# Seen: the item of a tight list reads "**bold** item"; the same item of a loose list reads "bold item".
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund --legacy-peer-deps marked@18.2.1 marked-terminal@7.3.1 chalk@5.6.2
cat > run.mjs <<'END'
import chalk from 'chalk'
import { marked } from 'marked'
import { markedTerminal } from 'marked-terminal'
chalk.level = 0
marked.use(markedTerminal())
const firstLine = text => marked.parse(text).trim().split('\n')[0]
console.log('tight:', firstLine('- **bold** item\n- plain\n'))
console.log('loose:', firstLine('- **bold** item\n\n- plain\n'))
END
FORCE_COLOR=0 node run.mjs | tee seen
grep -qx 'tight: \* \*\*bold\*\* item' seen && grep -qx 'loose: \* bold item' seen
