import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/domain/answers.ts'
import { normalizeAnswer } from '../../src/domain/answers.ts'
import { labelOf } from '../../src/domain/guide.ts'
import { type Block, wordsOf } from '../../src/export/blocks.ts'
import { FORMATS } from '../../src/export/formats.ts'
import { guideDocument, type Layout, notesDocument } from '../../src/export/guide-document.ts'
import { blocksOf } from '../../src/export/markdown-parser.ts'
import { blankNotes, readNotes, withAnswers } from '../../src/notes/notes.ts'
import { EQUITY } from '../support/helpers.ts'
import { answersIn, read } from './reading.ts'

/* Every full export of ours but PDF reads back, answer by answer. */

const WORD = fc.oneof(
  fc.constantFrom(
    'data',
    'équité',
    '公平',
    'البيانات',
    '👩‍👧',
    '2026',
    'snake_case',
    'a*b',
    '5<6',
    'x',
    '(Ana,',
    'Jan',
    '15)',
    'A&B',
    '#5',
    '~',
    'C:\\x',
    '“quoted”',
    '[Ana]',
    '<b>',
    '`',
    'http://x.org/a_b',
  ),
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }).map(text => text.replace(/\s/g, '')),
)
const WORDS = fc.array(WORD, { minLength: 1, maxLength: 9 }).map(words => words.join(' ').trim() || 'x')
/** Words that begin nothing. */
const LINE = WORDS.map(words => `We ${words}`)
const OURS = fc.constantFrom(
  ...[
    EQUITY.title,
    EQUITY.stories.title,
    ...EQUITY.stories.elements.map(({ title }) => title),
    'The story',
    'Handout',
  ],
  ...EQUITY.questions.slice(0, 4).map(question => labelOf(EQUITY, question)),
  ...EQUITY.questions.slice(0, 4).map(({ text }) => text),
)
const items = (mark: (i: number) => string) =>
  fc
    .array(LINE, { minLength: 1, maxLength: 4 })
    .map(lines => lines.map((line, i) => `${mark(i)} ${line}`).join('\n'))
const BLOCK = fc.oneof(
  ...[LINE, LINE, fc.array(LINE, { minLength: 2, maxLength: 3 }).map(lines => lines.join('\n')), OURS],
  ...[items(() => '-'), items(i => `${i + 4}.`), items(() => '- [ ]'), items(() => '- [x]')],
  ...[
    LINE.map(line => `> ${line}`),
    LINE.map(line => `- ${line}\n    - inner\n    - more\n- last`),
    LINE.map(line => `**We** *${line.replaceAll('*', '')}* end`),
  ],
  fc.constant('| who | what |\n| --- | --- |\n| Ana | data |'),
)
const ANSWER = fc
  .array(BLOCK, { minLength: 1, maxLength: 4 })
  .map(blocks => normalizeAnswer(blocks.join('\n\n')))
const ANSWERS = fc
  .array(fc.tuple(fc.nat(19), fc.oneof(ANSWER, fc.constant(''))), { maxLength: 12 })
  .map(
    pairs =>
      new Map(
        pairs.map(([i, text]): [string, Answer] => [
          EQUITY.questions[i]?.id ?? '',
          { text, skipped: text === '' },
        ]),
      ),
  )

const notesOf = (answers: Map<string, Answer>) => {
  const blank = readNotes({ name: 'n.md', text: blankNotes(EQUITY, { file: 'n.md' }) })
  return readNotes({ name: 'n.md', text: withAnswers(blank, EQUITY, answers) })
}

async function exported(name: string, answers: Map<string, Answer>, layout: Layout | 'notes') {
  const format = FORMATS[name]
  if (!format) throw new Error(name)
  const options = {
    title: 'Ours',
    facts: [EQUITY.subtitle, 'Table 1'],
    layout: layout === 'notes' ? ('sequence' as const) : layout,
  }
  const document =
    layout === 'notes'
      ? notesDocument(EQUITY, notesOf(answers), { actions: true })
      : guideDocument(EQUITY, { answers, jots: '' }, options)
  const content =
    format.carries === 'answers' ? await format.write(EQUITY, answers) : await format.write(document)
  return Buffer.concat(
    [...(typeof content === 'string' || content instanceof Uint8Array ? [content] : content)].map(piece =>
      Buffer.from(piece),
    ),
  )
}

const statesOf = (answers: ReadonlyMap<string, Answer>) =>
  [...answers]
    .filter(([, { skipped }]) => skipped)
    .map(([id]) => id)
    .sort()

describe('to the character', () => {
  test.each(['yaml', 'json', 'csv'])('%s', name =>
    fc.assert(
      fc.asyncProperty(ANSWERS, async answers => {
        const reading = await read(await exported(name, answers, 'sequence'), `x.${name}`)
        expect(answersIn(reading)).toEqual(
          Object.fromEntries([...answers].map(([id, { text }]) => [id, text])),
        )
        expect(statesOf(reading.groups[0]?.answers ?? new Map())).toEqual(statesOf(answers))
        expect(reading.left).toEqual([])
      }),
    ),
  )
})

/** Words, paragraphs and lists. */
function shape(blocks: readonly Block[]): unknown[] {
  const line = (text: string) => text.replace(/\s+/g, ' ').trim()
  return blocks.flatMap((block): unknown[] => {
    if (block.kind === 'list')
      return [
        block.items.map(({ number, done, blocks: inner }) => [number ?? '-', done ?? '', ...shape(inner)]),
      ]
    if (block.kind === 'quote') return shape(block.blocks)
    if (block.kind === 'table')
      return [[block.header, ...block.rows].map(row => row.map(cell => line(wordsOf(cell))))]
    if (block.kind === 'paragraph' || block.kind === 'heading') return [line(wordsOf(block.inlines))]
    return block.kind === 'code' ? [line(block.text)] : []
  })
}

describe('the same words, paragraphs and lists', () => {
  const forms = ['markdown', 'html', 'docx'].flatMap(name =>
    (['sequence', 'compare', 'notes'] as const).map(layout => [name, layout] as const),
  )
  test.each(forms)('%s, %s', { timeout: 60_000 }, (name, layout) =>
    fc.assert(
      fc.asyncProperty(ANSWERS, async answers => {
        const reading = await read(await exported(name, answers, layout), `x.${name}`)
        const shapes = (texts: Record<string, string>) =>
          Object.fromEntries(Object.entries(texts).map(([id, text]) => [id, shape(blocksOf(text))]))
        const before = Object.fromEntries([...answers].map(([id, { text }]) => [id, text]))
        expect(shapes(answersIn(reading))).toEqual(shapes(before))
        expect(reading.left).toEqual([])
      }),
      // Nearly an e-mail address: some readers make a link of it, and none does in angle brackets.
      { examples: [[new Map([['warmup', { text: 'We +@A_.0 x', skipped: false }]])]] },
    ),
  )
})

test('a handout that came through Google Docs as Markdown: anchors at headings, addresses twice, a table for a box', async () => {
  const text = `# **${EQUITY.title}** {#title}

**${EQUITY.subtitle} · Handout**

## **Warmup** {#warmup}

Before watching the Equity PL Stories, review the Equity QPLS at [https://www.cde.ca.gov/ci/pl/documents/qplsequity.pdf](https://www.cde.ca.gov/ci/pl/documents/qplsequity.pdf).

### **What stands out to you about this standard and why?** {#what-stands-out}

| Our data comes first\\! We look monthly.<br>And we ask. |
| :---- |

### **Element A: Academic Equity**

##### **Element A · the story · 2 of 3**  
${EQUITY.questions[2]?.text}

1\\. typed as it is

1. one
2. two
`
  const reading = await read(Buffer.from(text), 'handout.md')
  expect(answersIn(reading)).toEqual({
    warmup: 'Our data comes first! We look monthly.\nAnd we ask.',
    'a.story.2': '1\\. typed as it is\n\n1. one\n2. two',
  })
  expect([reading.left, reading.told]).toEqual([[], []])
})
