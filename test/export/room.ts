import { inflateRawSync } from 'node:zlib'
import type { Guide } from '../../src/domain/guide.ts'
import { csv } from '../../src/export/data.ts'
import type { Document } from '../../src/export/document.ts'
import { docx } from '../../src/export/docx.ts'
import { notesDocument } from '../../src/export/guide-document.ts'
import { html } from '../../src/export/html.ts'
import { markdown } from '../../src/export/markdown.ts'
import { blankNotes, type Notes, readNotes, withAnswer } from '../../src/notes/notes.ts'
import { EQUITY } from '../support/helpers.ts'

const whole = (pieces: Iterable<string>) => [...pieces].join('')

export const WRITERS = {
  markdown: (document: Document) => whole(markdown(document)),
  html: (document: Document) => whole(html(document)),
  csv: (document: Document) => whole(csv(document)),
  docx,
}

/** Notes on the equity guide with these answers by id. */
export function notesWith(answers: Record<string, string>, guide: Guide = EQUITY): Notes {
  return Object.entries(answers).reduce(
    (notes, [id, text]) =>
      readNotes({ name: 'equity-notes.md', text: withAnswer(notes, guide, id, { text, skipped: false }) }),
    readNotes({ name: 'equity-notes.md', text: blankNotes(guide, { file: 'equity-notes.md' }) }),
  )
}

export const documentOf = (answers: Record<string, string>) => notesDocument(EQUITY, notesWith(answers))

/** A file inside a Word file. */
export function entry(zip: Uint8Array, name: string): string {
  const bytes = Buffer.from(zip)
  let at = bytes.readUInt32LE(bytes.length - 22 + 16)
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [size, length, extra, comment] = [20, 28, 30, 32].map((offset, i) =>
      i === 0 ? bytes.readUInt32LE(at + offset) : bytes.readUInt16LE(at + offset),
    ) as [number, number, number, number]
    if (bytes.toString('utf8', at + 46, at + 46 + length) === name) {
      const local = bytes.readUInt32LE(at + 42)
      const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
      const data = bytes.subarray(from, from + size)
      return (bytes.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data)).toString('utf8')
    }
    at += 46 + length + extra + comment
  }
  throw new Error(`There is no ${name} in this file.`)
}

/** A table of comma-separated values, as RFC 4180 has it. */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = []
  for (const line of text
    .replace(/^\ufeff/, '')
    .matchAll(/(?:(?:"(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n))+?(?<=\r\n)/g))
    rows.push(
      [...line[0].matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(?:,|\r\n)/g)].map(([, cell = '']) =>
        cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell,
      ),
    )
  return rows
}

/** Texts that would change a careless document around them. */
export const HOSTILE = [
  'A plain answer.',
  '# A heading\n\n## and one below it',
  'Underlined\n==========\n\nand so\n------',
  '```\nan unclosed fence',
  '~~~~js\nanother unclosed fence',
  'text\n<!-- an unclosed comment',
  '<div onclick="steal()">\n\nan unclosed block',
  '<script>alert(1)</script>',
  '<style>body { display: none }',
  '</section></main></body></html>',
  '- a list\n- without an end\n  - nested',
  '* another list\n\n* loose',
  '7. numbers\n8. more',
  '7) other numbers',
  '[link]: https://evil.example "a definition"',
  'Uses a [link] and [another][link]',
  '    indented code',
  '  three spaces in front',
  '> a quote\nlazily continued',
  '| a | b |\n|---|---|\n| 1 | 2 |',
  '---',
  '**unclosed bold and `code and ~~strike',
  'a line that ends in a backslash\\',
  '\\<!-- answer: warmup -->',
  '![remote](https://evil.example/pixel.png)',
  '[click](javascript:alert(1)) [data](data:text/html,hi)',
  '=HYPERLINK("https://evil.example")',
  '"quoted", with a comma; and a semicolon',
  '| --- |',
  '[^1]: a footnote',
  '- [ ] a task\n- [x] done (Ana, by May)',
  '\u202eright to left override \u0007 bell \u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '&lt;b&gt; &amp;amp; &#60;i&#62;',
] as const
