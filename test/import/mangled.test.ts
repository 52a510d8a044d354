import fc from 'fast-check'
import { expect, test } from 'vitest'
import { docx } from '../../src/export/docx.ts'
import { guideDocument } from '../../src/export/guide-document.ts'
import { html } from '../../src/export/html.ts'
import { markdown } from '../../src/export/markdown.ts'
import { handoutDocument } from '../../src/export/print.ts'
import { EQUITY } from '../support/helpers.ts'
import { edited, unzipped } from '../support/office.ts'
import { filled, handout, readAll } from './reading.ts'

/*
 * However a file was mangled, each word that somebody wrote is in exactly one of: an answer, what is left over. The rest
 * is what we printed.
 */

interface Change {
  kind: 'insert' | 'append' | 'prepend' | 'within' | 'delete' | 'double' | 'swap'
  at: number
  to: number
}
const CHANGES = fc.array(
  fc.record({
    kind: fc.constantFrom<Change['kind'][]>(
      'insert',
      'insert',
      'append',
      'prepend',
      'delete',
      'double',
      'swap',
    ),
    at: fc.nat(400),
    to: fc.nat(400),
  }),
  { maxLength: 12 },
)

/** Words of somebody's own. */
const word = (i: number) => `zq${i}zq`
/** The line for a name is told, and never taken. */
const isName = (part: string) => /Name or group/.test(part)

/** How somebody writes into a part of a file, or behind it. */
interface Form {
  insert(words: string): string
  append(part: string, words: string): string
  prepend(part: string, words: string): string
}

function mangled(whole: string, split: RegExp, form: Form, changes: readonly Change[]): string {
  const parts: string[] = []
  let from = 0
  for (const { 0: part, index } of whole.matchAll(split)) {
    parts.push(whole.slice(from, index), part)
    from = index + part.length
  }
  parts.push(whole.slice(from))
  const places = parts.flatMap((part, i) => (i % 2 === 1 && !isName(part) ? [i] : []))
  const place = (at: number) => places[at % places.length] ?? 1
  for (const [i, { kind, at, to }] of changes.entries()) {
    const [one, other] = [place(at), place(to)]
    const part = parts[one] ?? ''
    if (kind === 'insert') parts[one] = part + form.insert(word(i))
    else if (kind === 'append') parts[one] = form.append(part, word(i))
    else if (kind === 'prepend') parts[one] = form.prepend(part, word(i))
    else if (kind === 'within') parts[one] = within(part, to, word(i))
    else if (kind === 'delete') parts[one] = ''
    else if (kind === 'double') parts[one] = part + part
    else [parts[one], parts[other]] = [parts[other] ?? '', part]
  }
  return parts.join('')
}

/** Between two words of a part, not in its tags. */
function within(part: string, at: number, words: string): string {
  const gaps = [...part.matchAll(/(?<=\w) (?=\w)(?![^<>]*>)/g)].map(({ index }) => index)
  const gap = gaps[at % gaps.length]
  return gap === undefined ? part : `${part.slice(0, gap)} ${words}${part.slice(gap)}`
}

/** How often each of these words stands in a text. */
const times = (text: string) => {
  const found = new Map<string, number>()
  for (const [each] of text.matchAll(/zq\d+zq/g)) found.set(each, (found.get(each) ?? 0) + 1)
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function expectAccounted(bytes: Buffer, name: string, text: string): Promise<void> {
  const { groups, left, told } = await readAll(bytes, name)
  const answers = groups.flatMap(group => [...group.answers.values(), { text: group.jots }])
  expect(times([...[...answers, ...left].map(each => each.text), ...told].join('\n'))).toEqual(times(text))
}

const RUN = (words: string) => `<w:r><w:t xml:space="preserve"> ${words} </w:t></w:r>`
const WORD = {
  insert: (words: string) => `<w:p>${RUN(words)}</w:p>`,
  append: (part: string, words: string) => part.replace(/<\/w:p>$/, `${RUN(words)}$&`),
  prepend: (part: string, words: string) =>
    part.replace(/^<w:p>(?:<w:pPr>.*?<\/w:pPr>)?/s, `$&${RUN(words)}`),
}
const PARAGRAPH = /<w:p>(?:(?!<w:p>).)*?<\/w:p>/gs
const LINES = {
  insert: (words: string) => `\n${words}\n`,
  append: (part: string, words: string) => `${part} ${words}`,
  prepend: (part: string, words: string) => `${words} ${part}`,
}
const PAGE = {
  insert: (words: string) => `<p>${words}</p>`,
  append: (part: string, words: string) => part.replace(/<\/\w+>$/, ` ${words}$&`),
  prepend: (part: string, words: string) => part.replace(/^<[^>]*>/, `$&${words} `),
}

const ANSWERS = new Map(
  EQUITY.questions.map(({ id }, i) => [
    id,
    { text: i % 3 ? `zq9${i}zq at ${id}` : `- zq9${i}zq\n- zq8${i}zq`, skipped: false },
  ]),
)
const exported = guideDocument(
  EQUITY,
  { answers: ANSWERS, jots: '' },
  { title: EQUITY.title, facts: [EQUITY.subtitle] },
)
const BLANK = handoutDocument(EQUITY, { title: EQUITY.title, facts: [EQUITY.subtitle, 'Handout'] })

const WORD_FILES: [string, Buffer][] = [
  ['a blank Word handout', handout()],
  ['a filled one', filled(Object.fromEntries([...ANSWERS].map(([id], i) => [id, `zq7${i}zq`])))],
  ['a Word export', Buffer.from(docx(exported))],
]

test.each(WORD_FILES)('%s', { timeout: 60_000 }, (_, file) =>
  fc.assert(
    fc.asyncProperty(CHANGES, fc.constantFrom('', 'bookmarks', 'styles', 'both'), async (changes, lost) => {
      const bytes = edited(file, xml =>
        mangled(xml, PARAGRAPH, WORD, changes)
          .replace(/<w:bookmark\w+ [^>]*>/g, mark => (/bookmarks|both/.test(lost) ? '' : mark))
          .replace(/Answer_\w+/g, style => (/styles|both/.test(lost) ? 'Normal' : style)),
      )
      const text = unzipped(bytes).get('word/document.xml') ?? ''
      await expectAccounted(bytes, 'x.docx', text.replace(/<[^>]*>/g, ''))
    }),
  ),
)

test.each([
  ['a Markdown handout', [...markdown(BLANK)].join('')],
  ['a Markdown export', [...markdown(exported)].join('')],
])('%s', { timeout: 60_000 }, (_, whole) =>
  fc.assert(
    fc.asyncProperty(CHANGES, async changes => {
      const text = mangled(whole, /^.*\S.*$/gm, LINES, changes)
      await expectAccounted(Buffer.from(text), 'x.md', text)
    }),
  ),
)

test.each([
  ['a web handout', [...html(BLANK)].join('')],
  ['a web page', [...html(exported)].join('')],
])('%s', { timeout: 60_000 }, (_, whole) =>
  fc.assert(
    fc.asyncProperty(CHANGES, async changes => {
      const text = mangled(whole, /<(p|h[1-6]|li|span)\b[^>]*>(?:(?!<\1\b).)*?<\/\1>/gs, PAGE, changes)
      await expectAccounted(Buffer.from(text), 'x.html', text.replace(/<[^>]*>/g, ' '))
    }),
  ),
)
