import fc from 'fast-check'
import { lexer } from 'marked'
import { expect, test } from 'vitest'
import { type Block, type Inline, simpleBlocks } from '../../src/export/blocks.ts'
import { blocksOf, parsedBlocks } from '../../src/export/markdown-parser.ts'
import { documentOf, entry, HOSTILE, rowsOf, WRITERS } from './room.ts'

/** Texts made of what Markdown, HTML, spreadsheets and terminals take for form. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom(...HOSTILE),
      fc.constantFrom(
        '\n',
        '\n\n',
        ' ',
        '  \n',
        '\t',
        '    ',
        '*',
        '**',
        '_',
        '~~',
        '`',
        '```',
        '\\',
        '[',
        ']',
        '(',
        ')',
      ),
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        '!',
        '#',
        '- ',
        '1. ',
        '> ',
        '|',
        '=',
        '---',
        ':',
        '<!--',
        '-->',
        'a',
        'b c',
      ),
      fc.constantFrom(
        '<b onclick=x>',
        'https://x.org/a_(b)',
        '&lt;',
        '\u001b[31m',
        '\u0000',
        '\ud800',
        '\u2028',
        '\ufeff',
      ),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { minLength: 1, maxLength: 14 },
  )
  .map(parts => parts.join(''))

const TAGS =
  /^<(?:!doctype html|\/?(?:html|head|style|title|body|header|main|footer|section|div|span|h[1-6]|p|br|hr|ul|ol|li|pre|code|blockquote|table|thead|tbody|tr|th|td|a|strong|em|s)|meta)(?: [a-z-]+="[^"<>]*")*>$/

test('whatever people write, a page has our own elements alone, and links that only lead to pages', () => {
  fc.assert(
    fc.property(hostileText, text => {
      const page = WRITERS.html(documentOf({ warmup: text, action: text })).replace(
        /<style>[\s\S]*?<\/style>/,
        '',
      )
      const tags = [...page.matchAll(/<[^>]*>?/g)].map(([tag]) => tag)
      const wrong = tags.filter(
        tag =>
          !TAGS.test(tag) ||
          / (?:on\w+|src|srcset)=/.test(tag) ||
          (/ href=/.test(tag) && !/ href="(?:https?:\/\/|mailto:)/i.test(tag)),
      )
      expect(wrong).toEqual([])
    }),
    { numRuns: 80 },
  )
})

test('whatever people write, its Markdown says the same again and holds no raw HTML, image or definition', () => {
  fc.assert(
    fc.property(hostileText, text => {
      const whole = WRITERS.markdown(documentOf({ 'a.story.1': text, 'a.story.2': 'the neighbour' }))
      const section =
        /##### Element A · the story · 1 of 3\n\n\*\*.*\*\*\n\n([\s\S]*?)\n+##### Element A · the story · 2/.exec(
          whole,
        )?.[1] ?? ''
      const tokens = lexer(whole)
      expect(tokens.some(token => token.type === 'html' || token.type === 'def')).toBe(false)
      expect(JSON.stringify(tokens)).not.toMatch(/"type":"(?:html|image)"/)
      expect(wordsIn(blocksOf(section))).toBe(expected(text))
    }),
    { numRuns: 120, examples: [['- [x] a box | before a |\n|---|---|\n| 1 | 2 |!']] },
  )
})

test('whatever signs stand around them, no word that people write is left out', () => {
  const signs = [
    '\n',
    '\n\n',
    ' ',
    '[',
    ']',
    ']: ',
    '](',
    ')',
    ' "',
    '"',
    '#',
    '# ',
    '- ',
    '1. ',
    '> ',
    '**',
    '`',
    '```',
    '~~~',
    '|',
    '|---|\n',
    '![',
    '<',
    '>',
    '\\',
    'https://x.org/',
    '[ ] ',
    '    ',
  ]
  const typed = fc
    .array(fc.oneof(fc.constantFrom(...signs), fc.constantFrom('Maria', 'they', 'plan', 'unsure')), {
      maxLength: 16,
    })
    .map(parts => parts.map((part, i) => (/^[A-Za-z]{4,6}$/.test(part) ? `${part}q${i}z` : part)).join(''))
  fc.assert(
    fc.property(typed, text => {
      const shown = JSON.stringify(blocksOf(text))
      expect((text.match(/[A-Za-z]+q\d+z/g) ?? []).filter(word => !shown.includes(word))).toEqual([])
    }),
    { numRuns: 400 },
  )
})

test('texts that are read without the library are read as it would', () => {
  const parts = [
    '\n',
    '\n\n',
    '\n\n\n',
    ' ',
    '- ',
    '- [ ] ',
    '- [x] ',
    '# ',
    'a',
    'Ana (by May)',
    '1. ',
    '“q”',
  ]
  const odd = [
    '<https://x.org/a>',
    '<https://x.org',
    'x: y',
    '!',
    '=',
    '---',
    '+',
    '>',
    '\u2028',
    '#',
    'ftp://x',
  ]
  const text = fc
    .array(fc.oneof(fc.constantFrom(...parts, ...odd), fc.string({ unit: 'grapheme', maxLength: 3 })), {
      maxLength: 12,
    })
    .map(all => all.join(''))
  let taken = 0
  fc.assert(
    fc.property(text, typed => {
      const simple = simpleBlocks(typed)
      if (!simple) return
      taken++
      expect(simple).toEqual(parsedBlocks(typed))
      expect(simple).toEqual(parsedBlocks(typed, true))
    }),
    { numRuns: 5000 },
  )
  expect(taken).toBeGreaterThan(1000)
})

/** What a reader sees, in its order, without form and white space. */
function wordsIn(blocks: readonly Block[]): string {
  const inline = (one: Inline): string =>
    one.kind === 'break' ? '' : 'inlines' in one ? one.inlines.map(inline).join('') : one.text
  const block = (one: Block): string => {
    switch (one.kind) {
      case 'paragraph':
      case 'heading':
        return one.inlines.map(inline).join('')
      case 'list':
        return one.items.map(item => `${item.done ?? ''}${item.blocks.map(block).join('')}`).join('')
      case 'quote':
        return one.blocks.map(block).join('')
      case 'table':
        return [one.header, ...one.rows].flat(2).map(inline).join('')
      case 'code':
        return one.text
      default:
        return ''
    }
  }
  return blocks.map(block).join('').replace(/\s+/g, '')
}

function expected(text: string): string {
  const words = wordsIn(blocksOf(text))
  return [...documentOf({ 'a.story.1': text }).items].some(
    item => item.kind === 'question' && item.id === 'a.story.1' && [...item.said][0]?.state === 'answered',
  )
    ? words
    : 'Notansweredyet.'
}

test('whatever people write, a Word file is legal XML', async () => {
  await fc.assert(
    fc.asyncProperty(hostileText, async text => {
      const file = await WRITERS.docx(documentOf({ warmup: text }))
      const xml = entry(file, 'word/document.xml')
      expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
      expect(xml.isWellFormed()).toBe(true)
      expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]|&(?!(?:amp|lt|gt|quot|apos|#\d+);)/)
    }),
    { numRuns: 15 },
  )
})

test('whatever people write, a spreadsheet finds no formula, and the words as they were written', () => {
  fc.assert(
    fc.property(hostileText, text => {
      const rows = rowsOf(WRITERS.csv(documentOf({ warmup: text })))
      expect(new Set(rows.map(row => row.length))).toEqual(new Set([8]))
      expect(rows.flat().filter(cell => /^\s*[=+\-@]/.test(cell))).toEqual([])
    }),
    { numRuns: 80 },
  )
})

test('scripts, handlers and addresses that do something are shown as the text they are', () => {
  const page = WRITERS.html(
    documentOf({
      warmup: '<script>alert(1)</script> <b onclick="x()">bold</b>',
      'a.story.1': '[click](javascript:alert(1)) ![pixel](https://evil.example/p.png)',
    }),
  )
  expect(page).toContain(
    '&lt;script&gt;alert(1)&lt;/script&gt; &lt;b onclick=&quot;x()&quot;&gt;bold&lt;/b&gt;',
  )
  expect(page).toContain('[click](javascript:alert(1)) ![pixel](https://evil.example/p.png)')
})

test('escape sequences and control characters come out nowhere', async () => {
  const document = documentOf({ warmup: 'red \u001b[31m bell \u0007 c1 \u009b31m nul \u0000.' })
  for (const text of [WRITERS.markdown(document), WRITERS.html(document), WRITERS.csv(document)])
    expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/)
})

test('quotes nested a thousand deep, and a megabyte of words, come out', async () => {
  for (const text of [`${'> '.repeat(1000)}deep`, `${'words '.repeat(200_000)}end`]) {
    const document = documentOf({ warmup: text })
    for (const write of Object.values(WRITERS)) expect((await write(document)).length).toBeGreaterThan(1000)
  }
})
