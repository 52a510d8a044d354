#!/bin/sh
# string-width 8.0.0 (npm): signs that stand before or around numbers, such as the Arabic end of ayah, raise an error.
# Expected: the width of U+06DD is 1, as that of any visible sign.
# Seen: "TypeError: Expected a code point, got `undefined`": such signs are of the class of format characters, which
# are taken off as invisible, and nothing is left to be looked up.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund string-width@8.0.0
cat > run.mjs <<'END'
import stringWidth from 'string-width'
for (const sign of ['A', '\u06dd', '\u0600'])
  try {
    console.log(sign.codePointAt(0).toString(16), stringWidth(sign))
  } catch (error) {
    console.log(sign.codePointAt(0).toString(16), String(error))
  }
END
node run.mjs | tee seen
grep -qx '41 1' seen && grep -q '^6dd TypeError' seen && grep -q '^600 TypeError' seen
