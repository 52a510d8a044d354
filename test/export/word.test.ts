import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type DocumentOptions, guideDocument } from '../../src/export/guide-document.ts'
import { handoutDocument } from '../../src/export/print.ts'
import { summaryDocument } from '../../src/export/summary.ts'
import { installed } from '../support/browser.ts'
import { EQUITY, emptyFolder } from '../support/helpers.ts'
import { documentOf, entry, HOSTILE, notesWith, WRITERS } from './room.ts'

const ANSWERS = {
  warmup: 'A [link](https://x.org) and\n\n- one\n  1. two\n\n| Data | Who |\n|---|---|\n| survey | Ana |',
  'a.story.1': '# Their heading\n\n> quoted',
  'a.comparison.1': 'Ours.',
}

test('a Word file has real headings, lists, header rows, links, a language and a title', async () => {
  const file = await WRITERS.docx(documentOf(ANSWERS))
  const text = entry(file, 'word/document.xml')
  expect(
    [...text.matchAll(/<w:pStyle w:val="(Title|Heading\d)"\/>/g)].map(([, style]) => style).slice(0, 8),
  ).toEqual(['Title', 'Heading1', 'Heading2', 'Heading1', 'Heading2', 'Heading3', 'Heading4', 'Heading5'])
  expect(text).toMatch(/<w:numPr><w:ilvl w:val="1"\/>/)
  expect(text).toContain('<w:tblHeader/>')
  expect(text).toMatch(/<w:hyperlink r:id="link1"/)
  expect(entry(file, 'word/_rels/document.xml.rels')).toMatch(/Id="link\d+"[^>]*Target="https:\/\/x.org"/)
  expect(entry(file, 'word/styles.xml')).toContain('<w:lang w:val="en-US" ')
  expect(entry(file, 'docProps/core.xml')).toContain(
    '<dc:title>Equity Professional Learning Stories: notes</dc:title>',
  )
})

test('beside each other the story and our system stand in a table whose header row is repeated', async () => {
  const { answers, jots } = notesWith(ANSWERS)
  const wish: DocumentOptions = { title: 'Notes', facts: [], layout: 'compare' }
  const text = entry(await WRITERS.docx(guideDocument(EQUITY, { answers, jots }, wish)), 'word/document.xml')
  const [, ...tables] = text.split('<w:tbl>')
  expect(tables.length).toBeGreaterThanOrEqual(3)
  expect(text.match(/<w:tblHeader\/>/g)?.length).toBe(4)
  expect(text.replace(/<[^>]+>/g, '')).toContain('Element A · your PL system · 1 of 3')
})

test('lengths are whole numbers, or Word takes the file for damaged', () => {
  const notes = notesWith(ANSWERS)
  const wish = { title: 'Summary', facts: [] }
  for (const document of [summaryDocument(EQUITY, notes, wish), handoutDocument(EQUITY, wish)])
    for (const part of ['document', 'styles', 'numbering'])
      expect(entry(WRITERS.docx(document), `word/${part}.xml`)).not.toMatch(/ w:\w+="-?\d+\.\d/)
})

test('the same notes are the same bytes in every format, at any time of day', async () => {
  const write = async () => {
    const document = documentOf(
      Object.fromEntries(EQUITY.questions.map(({ id }, i) => [id, HOSTILE[i] ?? ''])),
    )
    return Promise.all(
      Object.values(WRITERS).map(async writer => Buffer.from(await writer(document)).toString('hex')),
    )
  }
  vi.useFakeTimers({ toFake: ['Date'] })
  try {
    vi.setSystemTime(new Date('2024-02-29T23:59:58Z'))
    const before = await write()
    vi.setSystemTime(new Date('2031-07-04T06:07:08Z'))
    expect(await write()).toEqual(before)
  } finally {
    vi.useRealTimers()
  }
})

const SOFFICE = installed('soffice', 'libreoffice')

test.skipIf(!SOFFICE)(
  `LibreOffice opens it${SOFFICE ? '' : ' (skipped: LibreOffice is not installed here)'}`,
  { timeout: 60_000 },
  async () => {
    const folder = emptyFolder()
    const document = documentOf(
      Object.fromEntries(EQUITY.questions.map(({ id }, i) => [id, HOSTILE[i] ?? ''])),
    )
    writeFileSync(join(folder, 'notes.docx'), await WRITERS.docx(document))
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
    execFileSync(
      SOFFICE ?? '',
      [
        profile,
        '--headless',
        '--convert-to',
        'html:XHTML Writer File:UTF8',
        '--outdir',
        folder,
        join(folder, 'notes.docx'),
      ],
      { stdio: 'ignore' },
    )
    const page = readFileSync(join(folder, 'notes.html'), 'utf8')
    expect(page).toMatch(/<h1[^>]*>.*?Warmup/)
    for (const { text } of EQUITY.questions)
      expect(page).toContain(text.replaceAll("'", '&apos;').slice(0, 30).split('&')[0])
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  },
)
