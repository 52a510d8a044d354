import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { digestDocument } from '../../src/export/digest-document.ts'
import { notesDocument } from '../../src/export/guide-document.ts'
import { handoutDocument } from '../../src/export/print.ts'
import { DigestBuilder } from '../../src/notes/digest.ts'
import { SpillingStore } from '../../src/storage/text-store.ts'
import { entry, notesWith, WRITERS } from '../export/room.ts'
import { parseGuide } from '../support/guides.ts'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { FOREIGN_GUIDE, FOREIGN_IDS, FOREIGN_PLAN, longGuide, SPANISH_GUIDE } from './own-guides.ts'

/** Answers to all of these, as a pipe sends them to the walk: each with a line of one dot behind it. */
const said = (ids: readonly string[]) => ids.map(id => `I say ${id}.\n.\n`).join('')

describe('a guide with four elements, one of them without comparisons, two warmup questions and two videos', () => {
  async function walked() {
    const folder = emptyFolder()
    file(folder, 'design.yaml', FOREIGN_GUIDE)
    const walk = await plStories(['--guide', 'design.yaml'], { folder, input: said(FOREIGN_IDS) })
    return { folder, walk, pl: (...args: string[]) => plStories(args, { folder }) }
  }
  const NOTES = ['--notes', 'design-notes.md']

  test('is walked through in its own order and counts, and the notes alone name it afterwards', async () => {
    const { folder, walk, pl } = await walked()
    expect(walk.code).toBe(0)
    expect(walk.out).toContain('Question 1 of 10. Before')
    expect(walk.out).toContain('First film: https://example.org/films/1')
    expect(walk.out).toContain('Second film: https://example.org/films/2')
    expect(walk.out).toContain('Element 3: People, the story.')
    expect(walk.out).toContain('Your answer about the story begins: I say e4.s.')
    expect(file(folder, 'design-notes.md')).toContain('guide: xx-design')
    const { out } = await pl('status', ...NOTES)
    expect(out).toContain('10 of 10 answered')
    const rows = [...out.matchAll(/^ +\d+ {2}(\S+)/gm)].map(match => match[1])
    expect(rows).toEqual(FOREIGN_IDS)
  })

  test('comes out of every export whole, with nothing of another guide', async () => {
    const { folder, pl } = await walked()
    for (const format of ['markdown', 'html', 'csv', 'json', 'yaml']) {
      const { code, out } = await pl('export', format, ...NOTES)
      expect(code).toBe(0)
      for (const id of FOREIGN_IDS) expect(out, format).toContain(`I say ${id}.`)
      expect(out, format).not.toMatch(/equity|QPLS|Element [ABC]\b/i)
    }
    const compared = (await pl('export', 'html', '--layout', 'compare', ...NOTES)).out
    expect(compared.indexOf('I say e2.c.') - compared.indexOf('I say e2.s.')).toBeLessThan(400)
    expect((await pl('export', '-o', 'notes.docx', ...NOTES)).code).toBe(0)
    expect(readFileSync(join(folder, 'notes.docx')).subarray(0, 2).toString()).toBe('PK')
    for (const what of [['read', 'guide'], ['read', 'e3'], ['export', '--brief'], ['handout']])
      expect((await pl(...what, ...NOTES)).code, what.join(' ')).toBe(0)
  })

  test('is combined, and led with a plan in which every group has its own element', async () => {
    const { folder, pl } = await walked()
    file(folder, 'other.md', file(folder, 'design-notes.md').replaceAll('I say', 'We say'))
    const digest = await pl('combine', 'design-notes.md', 'other.md')
    expect([digest.code, digest.err]).toEqual([0, ''])
    for (const id of FOREIGN_IDS)
      expect([digest.out.includes(`I say ${id}.`), digest.out.includes(`We say ${id}.`)]).toEqual([
        true,
        true,
      ])
    file(folder, 'half.yaml', FOREIGN_PLAN)
    expect((await pl('check', 'half.yaml')).out).toContain('warning: no step asks: e1.s, e1.c, e4.s, e4.c')
    const sheet = await pl('runsheet', 'half.yaml', '--at', '9:00')
    expect(sheet.code).toBe(0)
    expect(sheet.out).toContain('How does the story show people: in words, or in deeds?')
    expect(sheet.out).not.toContain('How does the story show place')
  })
})

test.each(['markdown', 'html', 'docx'])(
  'an e-mail address and a heading of the guide are not taken for answers in its %s',
  async format => {
    const folder = emptyFolder()
    const publisher = 'publisher: Somebody Else <info@example.org>'
    const overview = 'overview: |-\n  # How to use this\n  Take your time.\n'
    file(folder, 'guide.yaml', `${FOREIGN_GUIDE.replace('publisher: Somebody Else', publisher)}${overview}`)
    file(folder, 'answers.yaml', 'guide: xx-design\nanswers:\n  do: |-\n    - [ ] Ask <ana@example.org>\n')
    const start = (file: string, notes: string) =>
      plStories(['start', '--answers', file, '--no-input', '--guide', 'guide.yaml', '--notes', notes], {
        folder,
      })
    await start('answers.yaml', 'one.md')
    await plStories(['export', format, '-o', 'out', '--notes', 'one.md'], { folder })
    const { err } = await start('out', 'two.md')
    expect(err).toContain('out: 1 answer taken · 9 questions without an answer\n')
    expect(readFileSync(join(folder, 'two.md'), 'utf8')).toMatch(/- \[ \] Ask <?ana@example\.org>?\n/)
  },
)

test('a guide that asks for no actions has none in its summaries', async () => {
  const folder = emptyFolder()
  file(folder, 'design.yaml', FOREIGN_GUIDE.replace(/^action:[\s\S]*/m, ''))
  const answers = said(FOREIGN_IDS.filter(id => id.includes('.')))
  expect((await plStories(['--guide', 'design.yaml', '--only', 'e1'], { folder, input: answers })).code).toBe(
    0,
  )
  file(folder, 'other.md', file(folder, 'design-notes.md'))
  for (const brief of [['export'], ['combine', 'design-notes.md', 'other.md']]) {
    const { out } = await plStories([...brief, '--brief', '--guide', 'design.yaml'], { folder })
    expect(out).toContain('## What was discussed')
    expect(out).toContain('## Not yet answered')
    expect(out).not.toMatch(/action/i)
  }
})

describe('a guide in Spanish', () => {
  test('shows nothing broken, and the documents say their language', async () => {
    const folder = emptyFolder()
    file(folder, 'equidad.yaml', SPANISH_GUIDE)
    const pl = (...args: string[]) => plStories([...args, '--guide', 'equidad.yaml'], { folder })
    await plStories(['--guide', 'equidad.yaml'], { folder, input: '¡Más tiempo!\n.\nMañana.\n.\nTodo.\n.\n' })
    const outs = await Promise.all(
      ['markdown', 'html', 'csv', 'json', 'yaml'].map(each => pl('export', each)),
    )
    for (const { out } of outs) {
      for (const text of ['¿Qué hacen los maestros en la historia?', '¡Más tiempo!', 'Mañana.'])
        if (!out.startsWith('guide:') || !text.startsWith('¿')) expect(out).toContain(text)
      expect(out).not.toContain('\ufffd')
    }
    expect(outs[1]?.out).toContain('<html lang="es">')
    expect(outs[1]?.out).toContain('«Bienvenidos», dicen los niños.')
  })
})

describe('our own English words in a document of another language', () => {
  const GUIDE = parseGuide({ name: 'equidad.yaml', text: SPANISH_GUIDE })
  const notes = notesWith({ 'ano.1': 'Más tiempo.' }, GUIDE)
  const gathering = new DigestBuilder(new SpillingStore())
  gathering.add('una.md', notes, 'Mesa 1')
  gathering.add('otra.md', notesWith({ 'ano.2': 'Nada.' }, GUIDE), 'Mesa 2')
  const digest = gathering.digest(GUIDE, false)
  const DOCUMENTS = {
    notes: notesDocument(GUIDE, notes),
    handout: handoutDocument(GUIDE, { title: 'Hoja', facts: [] }),
    digest: digestDocument(digest, { leftOut: [] }),
    'digest, side by side': digestDocument(digest, { leftOut: [], layout: 'compare' }),
  }
  test('where nothing is asked before it, the first element stands on the first page', () => {
    expect([...DOCUMENTS.notes.items].filter(item => item.kind === 'heading' && item.newPage)).toEqual([])
  })

  const english = /The story|the story|Your PL|your PL|Not answered|No longer|question|published/

  test.each(Object.entries(DOCUMENTS))('are marked in a web page: %s', (_, document) => {
    const page = WRITERS.html(document)
    expect(page).toContain('<html lang="es">')
    const marked = page.match(/<(\w+)[^>]* lang="en"[^>]*>[\s\S]*?<\/\1>/g) ?? []
    expect(marked.join('')).toMatch(english)
    expect(marked.join('')).not.toMatch(/Más tiempo|Nada|maestros/)
    const body = page.slice(page.indexOf('<main>'), page.indexOf('<footer'))
    const rest = marked.reduce((text, part) => text.replace(part, ''), body)
    expect(rest.replace(/<[^>]*>/g, '').match(english)).toBeNull()
  })

  test.each(Object.entries(DOCUMENTS))('are marked in a Word file: %s', async (_, document) => {
    const text = entry(await WRITERS.docx(document), 'word/document.xml')
    const runs = text.match(/<w:r>.*?<\/w:r>/g) ?? []
    const [marked, rest] = [true, false].map(wanted =>
      runs.filter(run => run.includes('<w:lang w:val="en"/>') === wanted).join(''),
    )
    expect(marked).toMatch(english)
    expect(marked).not.toMatch(/Más tiempo|Nada|maestros/)
    expect(rest?.replace(/<[^>]*>/g, '').match(english)).toBeNull()
  })

  test('need no mark in an English one', async () => {
    const document = notesDocument(EQUITY, notesWith({ warmup: 'Yes.' }))
    expect(WRITERS.html(document).match(/ lang=/g)).toHaveLength(1)
    expect(entry(await WRITERS.docx(document), 'word/document.xml')).not.toContain('<w:lang')
  })
})

describe('a guide of 1,000 questions', () => {
  test('is checked, walked, read, listed and handed out', async () => {
    const folder = emptyFolder()
    file(folder, 'long.yaml', longGuide(1000))
    const pl = (...args: string[]) => plStories([...args, '--guide', 'long.yaml'], { folder })
    expect((await plStories(['check', 'long.yaml'], { folder })).out).toBe(
      'long.yaml: a guide, 1000 questions: no problems found\n',
    )
    const input = said(Array.from({ length: 40 }, (_, i) => `${i}`))
    const walk = await plStories(['--guide', 'long.yaml'], { folder, input })
    expect([walk.code, walk.out.includes('40 of 1000 answered.')]).toEqual([1, true])
    const { out } = await pl('export', 'json')
    expect(JSON.parse(out).questions).toHaveLength(1000)
    expect((await pl('status')).out).toContain('40 of 1000 answered, 960 open')
    for (const what of ['guide', 'notes', 'e49.comparison']) expect((await pl('read', what)).code).toBe(0)
    await pl('answer', 'e49.c10', 'The last one.')
    expect((await pl('read', 'e49.comparison')).out).toContain('The last one.')
  })

  test('takes its answers from a file at once', async () => {
    const folder = emptyFolder()
    file(folder, 'long.yaml', longGuide(1000))
    const guide = longGuide(1000)
    const ids = [...guide.matchAll(/- id: (e\d+\.[sc]\d+)/g)].map(match => match[1])
    file(folder, 'all.yaml', `guide: long\nanswers:\n${ids.map(id => `  ${id}: On ${id}\n`).join('')}`)
    const { code } = await plStories(
      ['start', '--answers', 'all.yaml', '--no-input', '--guide', 'long.yaml'],
      { folder },
    )
    expect(code).toBe(0)
    expect((await plStories(['status', '--notes', 'long-notes.md'], { folder })).out).toContain(
      '1000 answered',
    )
  })
})
