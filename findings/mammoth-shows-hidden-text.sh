#!/bin/sh
# mammoth 1.13.0 (npm): text that a Word file hides comes out, with no message.
# Expected: a run that is hidden (w:vanish) is left out, as in Word's own print and export, or is told of.
# Seen: it stands in the text between the visible words; "messages" is empty.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund mammoth@1.13.0 docx@9.7.1
cat > run.mjs <<'END'
import { Document, Packer, Paragraph, TextRun } from 'docx'
import mammoth from 'mammoth'
const runs = [new TextRun('Seen.'), new TextRun({ text: ' Hidden.', vanish: true }), new TextRun(' Seen again.')]
const file = new Document({ sections: [{ children: [new Paragraph({ children: runs })] }] })
const { value, messages } = await mammoth.extractRawText({ buffer: await Packer.toBuffer(file) })
console.log(JSON.stringify({ value: value.trim(), messages }))
END
node run.mjs | tee seen
grep -qx '{"value":"Seen. Hidden. Seen again.","messages":\[\]}' seen
