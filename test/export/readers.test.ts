import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { yamlText } from '../../src/export/data.ts'
import { summaryDocument } from '../../src/export/summary.ts'
import { shareNotes } from '../../src/session/documents.ts'
import { CHROMIUM, installed } from '../support/browser.ts'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { documentOf, entry, HOSTILE, notesWith, WRITERS } from './room.ts'

/* What other programs make of our files. Each test is skipped, with a word, where its program is not installed. */

const skipped = (program: unknown, name: string) =>
  program ? '' : ` (skipped: no ${name} is installed here)`
const PYTHON = ['/usr/bin/python3', installed('python3') ?? ''].find(
  path => existsSync(path) && spawnSync(path, ['-c', 'import yaml, docx']).status === 0,
)
const RUBY = installed('ruby')
const PANDOC = installed('pandoc')
const SOFFICE = installed('soffice', 'libreoffice')
const PDFINFO = installed('pdfinfo')
const run = (program: string | undefined, args: string[], input = '') =>
  execFileSync(program ?? '', args, { input, encoding: 'utf8', maxBuffer: 1e8 })

const ODD = [
  ...[
    'no',
    'Yes',
    'on',
    'y',
    'NULL',
    '~',
    '10:30',
    '2026-11-28',
    '=',
    '<<',
    '1_000',
    '0x1F',
    '1e3',
    '.5',
    '1_1',
  ],
  ...[
    '\u00a0begins with a space',
    '\u3000ideographic',
    'a\ttab',
    ' space',
    'ends in a space ',
    '- a list',
    '? x',
  ],
  ...[
    'a: b',
    'a #b',
    '#b',
    '&a',
    '*a',
    '!a',
    '%a',
    '@a',
    '`a',
    '"q"',
    "'q'",
    '{a}',
    '[a]',
    '|',
    '>-',
    '---',
    '...',
  ],
  ...[
    'one\n\n  two',
    '  one\ntwo',
    'one\ntwo\n',
    'one \n two',
    'one\n\ttwo',
    'x\u2028y',
    'x\u0085y',
    '\ufeffx',
    '👩‍👩‍👧 family\nline',
  ],
]

/** The texts as values and as names. */
const yamlOf = (texts: readonly string[]) =>
  yamlText({ texts, names: Object.fromEntries(texts.map((text, i) => [text, i])) })
const asWritten = (texts: readonly string[]) => ({
  texts: [...texts],
  names: Object.fromEntries(texts.map((text, i) => [text, i])),
})

test('YAML comes back to the character from our own reader', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.constantFrom(...ODD, ...HOSTILE), fc.string({ unit: 'grapheme' })), {
        maxLength: 8,
      }),
      texts => {
        expect(parse(yamlOf(texts))).toEqual(asWritten(texts))
        expect(parse(yamlOf(texts), { version: '1.1' })).toEqual(asWritten(texts))
      },
    ),
    { numRuns: 300 },
  )
})

const TEXTS = [...ODD, ...HOSTILE.map(text => text.replace(/[\u0000-\u0008\u001b]/g, ''))]

test.skipIf(!PYTHON)(`PyYAML reads the same ids and texts${skipped(PYTHON, 'PyYAML')}`, () => {
  const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin.read())))'
  expect(JSON.parse(run(PYTHON, ['-c', script], yamlOf(TEXTS)))).toEqual(asWritten(TEXTS))
})

test.skipIf(!RUBY)(`Ruby reads the same ids and texts${skipped(RUBY, 'Ruby')}`, () => {
  const script =
    'require "json"; require "yaml"; STDOUT.write JSON.generate(YAML.load(STDIN.read.force_encoding("UTF-8")))'
  expect(JSON.parse(run(RUBY, ['-e', script], yamlOf(TEXTS)))).toEqual(asWritten(TEXTS))
})

const ANSWERS = {
  warmup: '1. first\n3. third\n   1. inner\n\n2026. a year',
  'a.story.1': '> 2. in a quote\n\n- [ ] to do\n- [x] done\n\n| Data | Who |\n|---|---|\n| survey | Ana |',
  'a.story.2': 'سلام world',
  action: '- [ ] Share the survey (Ana, by Jan 15)',
}

test.skipIf(!PANDOC)(
  `pandoc sees headings, the numbers people typed, and tables${skipped(PANDOC, 'pandoc')}`,
  () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'notes.docx'), WRITERS.docx(documentOf(ANSWERS)))
    writeFileSync(join(folder, 'notes.html'), WRITERS.html(documentOf(ANSWERS)))
    const word = run(PANDOC, [join(folder, 'notes.docx'), '-t', 'markdown', '--wrap=none'])
    expect(word).toMatch(/^# Warmup$/m)
    expect(word).toMatch(/^## Element A: Academic Equity$/m)
    expect(word).toMatch(/1\. +first/)
    expect(word).toMatch(/3\. +third/)
    expect(word).toMatch(/2026\. +a year/)
    expect(word).toMatch(/2\. +in a quote/)
    expect(word).toContain('☐')
    expect(word).not.toMatch(/- +☐/)
    expect(word).toMatch(/Data +Who/)
    const page = run(PANDOC, [join(folder, 'notes.html'), '-t', 'native'])
    expect(page).toContain('Header 2')
  },
)

test.skipIf(!PYTHON)(`python-docx finds a style for every paragraph${skipped(PYTHON, 'python-docx')}`, () => {
  const path = join(emptyFolder(), 'notes.docx')
  writeFileSync(path, WRITERS.docx(documentOf(ANSWERS)))
  const script = [
    'import docx, json, sys',
    'd = docx.Document(sys.argv[1])',
    'print(json.dumps({"styles": [p.style.name for p in d.paragraphs], "tables": len(d.tables),',
    '  "title": d.core_properties.title, "language": d.core_properties.language}))',
  ].join('\n')
  const found = JSON.parse(run(PYTHON, ['-c', script, path]))
  expect(found).toMatchObject({ title: 'Equity Professional Learning Stories: notes', language: 'en-US' })
  for (const style of ['Title', 'Heading 1', 'Heading 2', 'Normal', 'Answer', 'Answer List', 'Quote'])
    expect(found.styles).toContain(style)
})

test('numbers stay as typed on a page; words from right to left are marked in a Word file', () => {
  expect(WRITERS.html(documentOf(ANSWERS))).toMatch(/<ol><li>.*?first.*?<li value="3">.*?third/)
  const xml = entry(WRITERS.docx(documentOf(ANSWERS)), 'word/document.xml')
  expect(xml).toMatch(/<w:bidi\/>.*?<w:rtl\/><\/w:rPr><w:t xml:space="preserve">سلام<\/w:t>/)
})

const PAPER = SOFFICE && PDFINFO
test.skipIf(!PAPER)(
  `on paper a brief is one page, a table's handout four, an hour's run sheet at most four, and headings stay with their tables${skipped(PAPER, 'LibreOffice with pdfinfo')}`,
  { timeout: 120_000 },
  async () => {
    const folder = emptyFolder()
    const long = 'A long answer that says a lot about what was seen and what it would take. '.repeat(20)
    const actions = '- [ ] Share the survey with all schools (Ana and Bo, by Jan 15)\n'.repeat(6)
    for (const [name, words] of [
      ['brief', long],
      ['capitals', long.toUpperCase()],
    ] as const) {
      const answers = Object.fromEntries(EQUITY.questions.map(({ id }) => [id, words]))
      const notes = notesWith({ ...answers, action: actions })
      const brief = summaryDocument(EQUITY, notes, { title: 'Summary', facts: ['x'] })
      writeFileSync(join(folder, `${name}.docx`), WRITERS.docx(brief))
    }
    const part = ['--only', 'b', '--only', 'warmup', '--only', 'action']
    await plStories(['handout', ...part, '-o', 'handout.docx'], { folder })
    await plStories(['runsheet', 'equity-60', '--at', '3:30pm', '-o', 'runsheet.docx'], { folder })
    const groups = Array.from({ length: 12 }, (_, i) => join(folder, `group-${i + 1}.json`))
    const said = JSON.stringify({ guide: EQUITY.id, answers: { 'a.story.1': 'Yes.' } })
    for (const [i, path] of groups.entries()) writeFileSync(path, said.replace('Yes', `Yes, ${i}`))
    await plStories(['combine', ...groups, '--layout', 'compare', '-o', 'digest.docx'], { folder })
    const files = ['brief', 'capitals', 'handout', 'runsheet', 'digest'].map(name =>
      join(folder, `${name}.docx`),
    )
    const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`
    run(SOFFICE, [profile, '--headless', '--convert-to', 'pdf', '--outdir', folder, ...files])
    const pages = (name: string) =>
      Number(/Pages: +(\d+)/.exec(run(PDFINFO, [join(folder, `${name}.pdf`)]))?.[1])
    expect(['brief', 'capitals', 'handout'].map(pages)).toEqual([1, 1, 4])
    expect(pages('runsheet')).toBeLessThanOrEqual(4)
    // No page that has only the headings of an element.
    expect(pages('digest')).toBe(6)
  },
)

test.skipIf(!CHROMIUM || !PDFINFO)(
  `a PDF is tagged, has a title and page numbers, and is the same each time${skipped(CHROMIUM && PDFINFO, 'Chromium with pdfinfo')}`,
  { timeout: 120_000 },
  async () => {
    const folder = emptyFolder()
    writeFileSync(join(folder, 'equity-notes.md'), notesWith(ANSWERS).source.text)
    const { code, err } = await plStories(['export', 'pdf'], { folder })
    expect([code, err]).toEqual([0, `${join(folder, 'equity-notes.pdf')}: created\n`])
    const about = run(PDFINFO, [join(folder, 'equity-notes.pdf')])
    expect(about).toMatch(/Title: +Equity Professional Learning Stories: notes\n/)
    expect(about).toMatch(/Tagged: +yes/)
    expect((await plStories(['export', '-o', 'equity-notes.pdf'], { folder })).err).toContain('unchanged')
    expect(readdirSync(folder).sort()).toEqual(['equity-notes.md', 'equity-notes.pdf'])
  },
)

test('without a browser the page is made, and it is said how to print it', async () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'equity-notes.md'), notesWith(ANSWERS).source.text)
  const env = { PATH: folder }
  const { code, err } = await plStories(['export', 'pdf', '-o', 'mine.pdf'], { folder, env })
  expect(code).toBe(0)
  expect(err).toContain(`${join(folder, 'mine.html')}: created`)
  expect(err).toContain('Save as PDF')
  expect(file(folder, 'mine.html')).toMatch(/^<!doctype html>/)
})

test('a Word file goes beside the notes without a terminal, but into the file of a shell and to -o -', async () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'equity-notes.md'), notesWith(ANSWERS).source.text)
  const piped = await plStories(['export', 'word'], { folder })
  expect([piped.out, piped.err]).toEqual(['', `${join(folder, 'equity-notes.docx')}: created\n`])
  await plStories(['export', 'docx'], { folder, out: join(folder, 'shell.docx') })
  expect(readFileSync(join(folder, 'shell.docx'))).toEqual(readFileSync(join(folder, 'equity-notes.docx')))
  expect((await plStories(['export', 'docx', '-o', '-'], { folder })).out).toMatch(/^PK/)
})

test('--only, --by and --date; jots on request; what is left out is counted', async () => {
  const folder = emptyFolder()
  const text = notesWith(ANSWERS).source.text.replace('<!-- jots -->\n', '<!-- jots -->\n- [03:12] a coach\n')
  writeFileSync(join(folder, 'equity-notes.md'), text.replace('## Warmup', 'Mine.\n\n## Warmup'))
  const only = await plStories(['export', '--only', 'a.story', '--by', 'Ana, Oak', '--date', 'Nov 28'], {
    folder,
  })
  expect(only.out).toContain('Ana, Oak · Nov 28')
  expect(only.out).not.toMatch(/Take Action|By when/)
  // Nothing stands before it that would fill a page of its own.
  expect((await plStories(['export', 'html', '--only', 'a', '-o', '-'], { folder })).out).not.toContain(
    '"page"',
  )
  expect(only.err).toContain('Not included: 1 line that you wrote outside the answers and 1 jot (still in ')
  expect((await plStories(['export', '--jots'], { folder })).out).toContain('a coach')
  expect((await plStories(['export'], { folder })).out).not.toContain('a coach')
  const json = JSON.parse((await plStories(['export', 'json', '--only', 'action'], { folder })).out)
  expect(Object.keys(json.answers)).toEqual(['action'])
})

test('at the end of a session too, a page stands where no PDF can be made', async () => {
  const folder = emptyFolder()
  writeFileSync(join(folder, 'equity-notes.md'), notesWith(ANSWERS).source.text)
  const before = process.env.PATH
  process.env.PATH = folder
  try {
    const file = { path: join(folder, 'equity-notes.md'), guide: EQUITY }
    const { path, told } = await shareNotes(file as Parameters<typeof shareNotes>[0], 'pdf')
    expect(path).toBe(join(folder, 'equity-notes.html'))
    expect(told).toContain('Save as PDF')
  } finally {
    process.env.PATH = before
  }
})
