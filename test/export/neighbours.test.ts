import { lexer, type Token } from 'marked'
import { expect, test } from 'vitest'
import { labelOf } from '../../src/domain/guide.ts'
import { EQUITY } from '../support/helpers.ts'
import { documentOf, entry, HOSTILE, rowsOf, WRITERS } from './room.ts'

const QUESTIONS = EQUITY.questions
const LABELS = QUESTIONS.map(question => labelOf(EQUITY, question))

/** Every ordered pair of texts as neighbours, spread over as few documents as hold them. */
function walkOfAllPairs(count: number): number[] {
  const left = Array.from({ length: count }, () => Array.from({ length: count }, (_, i) => i))
  const path: number[] = []
  const stack = [0]
  for (let at = stack.at(-1); at !== undefined; at = stack.at(-1)) {
    const next = left[at]?.pop()
    if (next === undefined) path.push(stack.pop() as number)
    else stack.push(next)
  }
  return path
}

const PAIRS = walkOfAllPairs(HOSTILE.length)
const PLACES = QUESTIONS.length
const DOCUMENTS = Array.from({ length: Math.ceil(PAIRS.length / (PLACES - 1)) }, (_, i) =>
  PAIRS.slice(i * (PLACES - 1), i * (PLACES - 1) + PLACES),
)

const documentWith = (texts: (number | undefined)[]) =>
  documentOf(
    Object.fromEntries(
      texts.flatMap((text, i) => (text === undefined ? [] : [[QUESTIONS[i]?.id ?? '', HOSTILE[text] ?? '']])),
    ),
  )

/** What each question of an export holds, in the form that a reader of the format sees. */
type Sections = Map<string, string>

/** An answer's section must be the same beside an open question as beside each hostile neighbour. */
async function keepsToItself(sectionsOf: (document: ReturnType<typeof documentWith>) => Promise<Sections>) {
  const alone = new Map<string, string>()
  for (let text = 0; text < HOSTILE.length; text++) {
    for (const odd of [0, 1]) {
      const places = QUESTIONS.map((_, i) => (i % 2 === odd ? text : undefined))
      const sections = await sectionsOf(documentWith(places))
      LABELS.forEach((label, i) => {
        if (i % 2 === odd) alone.set(`${text} ${label}`, sections.get(label) ?? 'missing')
      })
    }
  }
  for (const texts of DOCUMENTS) {
    const sections = await sectionsOf(documentWith(texts))
    expect([...sections.keys()]).toEqual(LABELS)
    texts.forEach((text, i) => {
      expect(sections.get(LABELS[i] ?? ''), `${HOSTILE[text]} at ${LABELS[i]}`).toBe(
        alone.get(`${text} ${LABELS[i]}`),
      )
    })
  }
}

test('the walk meets every pair of neighbours', () => {
  const met = new Set(DOCUMENTS.flatMap(texts => texts.slice(1).map((text, i) => `${texts[i]} ${text}`)))
  expect(met.size).toBe(HOSTILE.length ** 2)
})

/** The only question of a section has no label but its section's heading. */
const labelIn = (heading: string) =>
  heading === QUESTIONS[0]?.text
    ? (LABELS[0] ?? '')
    : heading === QUESTIONS.at(-1)?.text
      ? (LABELS.at(-1) ?? '')
      : heading

test('in Markdown no answer changes its neighbours, for a reader that is not ours', async () => {
  await keepsToItself(async document => {
    const sections: Sections = new Map()
    let label: string | undefined
    for (const token of lexer(WRITERS.markdown(document))) {
      if (token.type === 'heading' && LABELS.includes(labelIn(token.text))) {
        label = labelIn(token.text)
        sections.set(label, '')
      } else if (token.type === 'heading' && isFrame(token.text)) label = undefined
      else if (label !== undefined && token.type !== 'space')
        sections.set(label, `${sections.get(label)}${shape(token)}\n`)
    }
    return sections
  })
})

const FRAME = new Set(['PL Story Questions', 'Take Action', 'The story', 'Your PL system'])
const isFrame = (text: string) => FRAME.has(text) || /^Element [ABC]: /.test(text)

/** What a token means, without where it stood. The rule at the end of the document belongs to nobody. */
function shape(token: Token): string {
  if (token.type === 'hr' && token.raw.startsWith('_'.repeat(70))) return ''
  return JSON.stringify(token, (key, value) => (key === 'raw' ? undefined : value))
}

test('on a page no answer changes its neighbours', async () => {
  await keepsToItself(async document => {
    const page = WRITERS.html(document)
    return new Map(
      [
        ...page.matchAll(
          /<section class="question"[^>]*>\n<h\d>(?:<span class="label">(.*?)<\/span><br>\n)?(.*?)<\/h\d>([\s\S]*?)<\/section>/g,
        ),
      ].map(([, label, text = '', rest = '']) => [label ?? labelIn(text), text + rest]),
    )
  })
})

test('in a table no answer changes its neighbours', async () => {
  await keepsToItself(async document => {
    const [, ...rows] = rowsOf(WRITERS.csv(document))
    return new Map(
      rows.map(([element, part, number, of, id, ...cells]) => [
        LABELS[QUESTIONS.findIndex(one => one.id === id)] ?? '',
        [element, part, number, of, ...cells].join('|'),
      ]),
    )
  })
})

test('in a Word file no answer changes its neighbours', { timeout: 60_000 }, async () => {
  await keepsToItself(async document => {
    const xml = entry(await WRITERS.docx(document), 'word/document.xml')
      // Lists and links are numbered throughout the file.
      .replace(/<w:numId w:val="\d+"\/>/g, '')
      .replace(/r:id="link\d+"/g, '')
    const sections: Sections = new Map()
    let label: string | undefined
    for (const part of xml.split(/(?=<w:p><w:pPr><w:pStyle w:val="Heading\d"\/>)/)) {
      if (!part.startsWith('<w:p><w:pPr><w:pStyle w:val="Heading')) continue
      const runs = (style: string) =>
        [
          ...part.matchAll(
            new RegExp(`<w:rStyle w:val="${style}"/></w:rPr><w:t xml:space="preserve">([^<]*)<`, 'g'),
          ),
        ]
          .map(([, text = '']) => text)
          .join('')
      if (runs('Question') !== '') {
        label = runs('Label') || labelIn(runs('Question'))
        sections.set(label, part)
      } else if (
        />(?:Warmup|PL Story Questions|Take Action|The story|Your PL system|Element [ABC]: [^<]*)</.test(
          part.slice(0, 200),
        )
      )
        label = undefined
      else if (label !== undefined) sections.set(label, sections.get(label) + part)
    }
    return new Map(
      [...sections].map(([key, part]) => [
        key,
        part.replace(/<w:p><w:pPr><w:pStyle w:val="Source"\/>[\s\S]*/, ''),
      ]),
    )
  })
})
