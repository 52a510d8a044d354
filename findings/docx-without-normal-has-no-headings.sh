#!/bin/sh
# docx 9.7.1 (npm) and pandoc 2.17.1.1-2~deb12u1 (Debian 12): headings of a new Word file are paragraphs to pandoc.
# Expected: a paragraph with the style Heading1 (docx's own HeadingLevel.HEADING_1) is a heading.
# Seen: pandoc reads two paragraphs. The file's styles are based on "Normal", which docx does not write; once a style
# with the id "Normal" is there, the heading is one.
set -eu
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT; cd "$place"
npm install --silent --no-audit --no-fund docx@9.7.1
apt-get download -qq -o APT::Sandbox::User=root pandoc=2.17.1.1-2~deb12u1 pandoc-data=2.17.1.1-2~deb12u1
for each in *.deb; do dpkg -x "$each" here; done
cat > run.mjs <<'END'
import { writeFileSync } from 'node:fs'
import { Document, HeadingLevel, Packer, Paragraph } from 'docx'
for (const [name, styles] of Object.entries({
  without: {},
  with: { paragraphStyles: [{ id: 'Normal', name: 'Normal' }] },
})) {
  const children = [new Paragraph({ text: 'A heading', heading: HeadingLevel.HEADING_1 }), new Paragraph('Words.')]
  writeFileSync(`${name}.docx`, await Packer.toBuffer(new Document({ styles, sections: [{ children }] })))
}
END
node run.mjs
for name in without with; do
  echo "$name Normal: $(here/usr/bin/pandoc --data-dir here/usr/share/pandoc/data -t native $name.docx | tr -d '\n' | cut -c1-16)"
done | tee seen
grep -q '^without Normal: \[ *Para' seen && grep -q '^with Normal: \[ *Header' seen
