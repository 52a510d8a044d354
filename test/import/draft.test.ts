import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Guide } from '../../src/domain/guide.ts'
import { draftGuide } from '../../src/import/draft.ts'
import { formOf, readPage } from '../../src/import/formats.ts'
import { parseGuide } from '../support/guides.ts'
import { EQUITY, emptyFolder, file, plStories, ROOT } from '../support/helpers.ts'
import { zipped } from '../support/office.ts'
import { handout } from './reading.ts'

/* `new FILE --from document`: a published guide becomes a draft of a YAML guide. */

const SOURCE = readFileSync(join(ROOT, 'test', 'fixtures', 'equity-guide-source.txt'), 'utf8')

async function drafted(
  name: string,
  content: string | Buffer,
): Promise<{ text: string; guide: Guide; summary: string }> {
  const { text, summary } = draftGuide(
    name,
    await readPage(formOf({ name, bytes: Buffer.from(content) })),
    'mine',
  )
  return { text, summary, guide: parseGuide({ name: 'mine.yaml', text }) }
}

/** The published document as Word has it, with headings and lists of its own, or as plain paragraphs. */
function wordFile(text: string, styled: boolean): Buffer {
  const paragraphs = text.split('\n').flatMap(line => {
    const words = line.replace(/^[#\s]+|\*\*/g, '').trim()
    if (words === '' || words === '-' || words === '---') return []
    const [, number, item = words] = /^(\d)\. (.*)$/.exec(words) ?? []
    const style = styled && line.startsWith('#') ? '<w:pStyle w:val="Heading2"/>' : ''
    const list = number
      ? `<w:numPr><w:ilvl w:val="0"/><w:numId w:val="${number === '1' ? ++lists : lists}"/></w:numPr>`
      : ''
    const safe = item.replace(/[<>]/g, '').replaceAll('&', '&amp;')
    return `<w:p><w:pPr>${style}${list}</w:pPr><w:r><w:t xml:space="preserve">${safe}</w:t></w:r></w:p>`
  })
  const nums = Array.from(
    { length: lists + 1 },
    (_, i) => `<w:num w:numId="${i}"><w:abstractNumId w:val="${i}"/></w:num>`,
  )
  const kinds = nums.map(
    (_, i) =>
      `<w:abstractNum w:abstractNumId="${i}"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>`,
  )
  return zipped([
    ['word/document.xml', `<w:document><w:body>${paragraphs.join('')}</w:body></w:document>`],
    [
      'word/styles.xml',
      '<w:styles><w:style w:styleId="Heading2"><w:name w:val="heading 2"/></w:style></w:styles>',
    ],
    ['word/numbering.xml', `<w:numbering>${kinds.join('')}${nums.join('')}</w:numbering>`],
  ])
}
let lists = 0

/** What a person still has to change, so that the draft is the shipped guide. */
function edits(mine: unknown, theirs: unknown, path = ''): string[] {
  if (typeof mine !== 'object' || typeof theirs !== 'object' || mine === null || theirs === null)
    return mine === theirs ? [] : [path]
  const keys = new Set([...Object.keys(mine), ...Object.keys(theirs)])
  return [...keys].flatMap(key =>
    edits((mine as Record<string, unknown>)[key], (theirs as Record<string, unknown>)[key], `${path}.${key}`),
  )
}

const FORMS: [string, string | Buffer][] = [
  ['source.txt', SOURCE],
  ['source.md', SOURCE],
  ['styled.docx', wordFile(SOURCE, true)],
  ['plain.docx', wordFile(SOURCE, false)],
  // As a word processor saves it as plain text: a line is a paragraph, and no line is empty.
  ['dense.txt', SOURCE.replace(/^[#\s]+|\*\*/gm, '').replace(/\n\s*\n+/g, '\n')],
]

describe.each(FORMS)('the published guide as %s', (name, content) => {
  test('has its questions, framings and lead-ins word for word, and pairs them', async () => {
    const { guide, summary } = await drafted(name, content)
    expect(guide.questions.map(({ id, text, compares, kind }) => [id, text, compares, kind])).toEqual(
      EQUITY.questions.map(({ id, text, compares, kind }) => [id, text, compares, kind]),
    )
    const texts = ({ stories }: Guide) =>
      stories.elements.map(({ title, framing, leadIn }) => [title, framing, leadIn])
    expect(texts(guide)).toEqual(texts(EQUITY))
    expect(summary).toBe('20 questions, 3 elements; 6 places to check')
  })

  test('is ten edits or fewer away from the shipped one', async () => {
    const { text } = await drafted(name, content)
    const shipped = parse(readFileSync(join(ROOT, 'guide', 'equity.yaml'), 'utf8'))
    expect(edits(parse(text), shipped).length).toBeLessThanOrEqual(10)
  })

  test('has a place for every line, and a comment with its line at every guess', async () => {
    const { text } = await drafted(name, content)
    const words = (whole: string) => whole.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
    const there = ` ${words(text).join(' ')} `
    for (const sentence of SOURCE.replace(/^\s*\d\. /gm, '').split(/\n|(?<=[.?]) /))
      expect(there).toContain(` ${words(sentence).join(' ')} `.replace(/^ {2}$/, ' '))
    expect(text.match(/# Check: /g)).toHaveLength(6)
    expect(text).toMatch(
      /# Check: the title was put together from \(.*EQUITY \| .*Professional Learning Stories/,
    )
  })
})

test('a handout drafts the same guide again, to the character', async () => {
  const { text, guide } = await drafted('source.txt', SOURCE)
  const again = await drafted('handout.docx', handout(guide))
  const bare = (yaml: string) => yaml.replace(/^ *# Check.*\n/gm, '')
  expect(bare(again.text)).toBe(bare(text))
  const shipped = await drafted('handout.docx', handout())
  expect({ ...shipped.guide, id: '', name: '', standard: '' }).toEqual({
    ...EQUITY,
    id: '',
    name: '',
    standard: '',
  })
})

test('sibling guides follow the same pattern with other words', async () => {
  const text = `# Historias de Datos\n\n## Guía de discusión\n\nEstas preguntas apoyan a los equipos.\n\n- Tome notas.\n- Comparta.\n\n## Calentamiento\n\nAntes de ver, lea https://example.org/datos.\n\n1. ¿Qué le llama la atención?\n2. ¿Qué espera?\n\n## Preguntas\n\nUse estas preguntas.\n\n### Elemento A: Uso\n\n¿Cómo ayuda el sistema?\n\n1. ¿Cómo usa datos?\n1. ¿Quién los usa?\n\n¿Cómo se compara con su sistema?\n\n1. ¿Cómo usa datos su sistema?\n1. ¿Quién los usa?\n\n### Elemento B: Acceso\n\n1. ¿Quién tiene acceso?\n\nCompare:\n\n1. ¿Quién tiene acceso en su sistema?\n\n## Actúe\n\n¿Qué hará su equipo?\n`
  const { guide, text: yaml } = await drafted('datos.md', text)
  expect(yaml).toContain('# Check: the language is perhaps another, such as es\nlanguage: en\n')
  expect(guide.questions.map(({ id, text }) => `${id} ${text}`)).toEqual([
    'warmup.1 ¿Qué le llama la atención?',
    'warmup.2 ¿Qué espera?',
    'a.story.1 ¿Cómo usa datos?',
    'a.story.2 ¿Quién los usa?',
    'a.comparison.1 ¿Cómo usa datos su sistema?',
    'a.comparison.2 ¿Quién los usa?',
    'b.story.1 ¿Quién tiene acceso?',
    'b.comparison.1 ¿Quién tiene acceso en su sistema?',
    'action ¿Qué hará su equipo?',
  ])
  expect(guide.overview).toEqual(['Estas preguntas apoyan a los equipos.', '- Tome notas.', '- Comparta.'])
  expect([guide.warmup.title, guide.stories.title, guide.action.title]).toEqual([
    'Calentamiento',
    'Preguntas',
    'Actúe',
  ])
})

describe('a draft passes the check', () => {
  const pair = (title: string) => `${title}\n\n1. How do they?\n\nCompare:\n\n1. How do you?\n\n`

  test('where the document has no title', async () => {
    const { text, guide, summary } = await drafted('bare.md', pair('# Element A: Time'))
    expect(guide.title).toBe('Discussion guide')
    expect(summary).toBe(`2 questions, 1 element; ${text.match(/# Check: /g)?.length} places to check`)
  })

  test('where headings begin alike, or are words of ours', async () => {
    const titles = ['Element A: Time', 'Element A: Place', 'The use of data', 'The use of time', 'Story']
    const all = [...titles, 'Previous Actions'].map(title => pair(`## ${title}`)).join('')
    const { guide } = await drafted('alike.md', `# Stories\n\n${all}`)
    const ids = guide.stories.elements.map(({ id }) => id)
    expect(ids).toEqual(['a', 'a-2', 'the-use-of', 'the-use-of-2', 'story-2', 'previous-actions-2'])
  })
})

test('links are those that are shown, also where Google Docs leads them through its own pages', async () => {
  const google = (url: string) => `https://www.google.com/url?q=${url}&amp;sa=D&amp;ust=17`
  const link = (words: string, url: string) => `<a href="${google(url)}">${words}</a>`
  const intro = `Read ${link('https://example.org/a?b', 'https://example.org/a%3Fb')} and ${link('the standard', 'https://example.org/c')}, or <a href="https://example.org/">https://example.org</a>.`
  const page = `<html><body><h1>Stories</h1><p>All of it.</p><h2>Use</h2><p>${intro}</p><h3>Element A</h3><ol><li>Who?</li></ol></body></html>`
  const { guide } = await drafted('google.html', page)
  expect(guide.stories.intro).toEqual([
    'Read <https://example.org/a?b> and [the standard](https://example.org/c), or <https://example.org>.',
  ])
  expect(guide.stories.links).toEqual([
    { title: 'Read', url: 'https://example.org/a?b' },
    { title: 'the standard', url: 'https://example.org/c' },
    { title: 'example.org', url: 'https://example.org' },
  ])
})

test('what is indented below a question belongs to it', async () => {
  const text = `# Stories\n\n## Element A\n\n1. Who?\n   - New teachers?\n   - Others, too\n2. Why?\n\n   Think of last year.\n\nCompare.\n\n1. You?\n2. Why?\n`
  const { guide } = await drafted('nested.md', text)
  expect(guide.questions.map(({ id, text }) => [id, text])).toEqual([
    ['a.story.1', 'Who?\n- New teachers?\n- Others, too'],
    ['a.story.2', 'Why?\nThink of last year.'],
    ['a.comparison.1', 'You?'],
    ['a.comparison.2', 'Why?'],
  ])
})

test('the two sides of an element may have headings', async () => {
  const element = (letter: string) =>
    `## Element ${letter}\n\nWhy?\n\n### The film\n\n1. Who?\n\n### Your school\n\nCompare.\n\n1. You?\n\n`
  const { guide } = await drafted('sides.md', `# Stories\n\n${element('A')}${element('B')}`)
  expect(guide.stories.elements.map(({ id, framing, leadIn }) => [id, framing, leadIn])).toEqual(
    ['a', 'b'].map(id => [id, ['Why?', 'The film'], ['Your school', 'Compare.']]),
  )
})

test('the two sides of an element may stand beside each other', async () => {
  const row = (one: string, other: string) => `<tr><td><p>${one}</p></td><td><p>${other}</p></td></tr>`
  const rows = row('The story', 'Compare:') + row('1. Who?', '1. Who here?') + row('2. Why?', '2. Why here?')
  const page = `<html><body><h1>Stories</h1><h2>Element A</h2><table>${rows}</table></body></html>`
  const { guide } = await drafted('columns.html', page)
  expect(guide.stories.elements[0]?.leadIn).toEqual(['Compare:'])
  expect(guide.questions.map(({ id, text }) => `${id} ${text}`)).toEqual([
    ...['a.story.1 Who?', 'a.story.2 Why?', 'a.comparison.1 Who here?', 'a.comparison.2 Why here?'],
  ])
})

test('new makes a guide that passes the check; a document that is none is one sentence, and nothing is written', async () => {
  const folder = emptyFolder()
  file(folder, 'guide.docx', wordFile(SOURCE, true))
  file(folder, 'letter.md', '# Dear colleagues\n\nThe meeting is on Monday.\n')
  const made = await plStories(['new', 'mine.yaml', '--from', 'guide.docx'], { folder })
  expect(made.err).toContain('guide.docx: 20 questions, 3 elements; 6 places to check')
  expect(made.code).toBe(0)
  expect((await plStories(['check', 'mine.yaml'], { folder })).code).toBe(0)
  const none = await plStories(['new', 'none.yaml', '--from', 'letter.md'], { folder })
  expect(none).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /^letter\.md does not look like a discussion guide: no numbered questions were found under a heading\. Number them .*\n$/,
    ),
  })
  file(folder, 'guide.pdf', '%PDF-1.7\n')
  expect(await plStories(['new', 'none.yaml', '--from', 'guide.pdf'], { folder })).toMatchObject({
    code: 2,
    err: "guide.pdf is a PDF, which can't be read. Save the original as .docx.\n",
  })
  expect(existsSync(join(folder, 'none.yaml'))).toBe(false)
})
