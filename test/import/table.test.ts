import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { headLabel, type Question } from '../../src/domain/guide.ts'
import { csv } from '../../src/export/data.ts'
import { guideDocument } from '../../src/export/guide-document.ts'
import { EQUITY, emptyFolder } from '../support/helpers.ts'
import { PYTHON, zipped } from '../support/office.ts'
import { answersIn, read, readAll } from './reading.ts'

/* Tables come home: what form tools write, and our own csv. */

const question = (id: string) => EQUITY.questions.find(each => each.id === id) as Question
const cell = (text: string) => `"${text.replaceAll('"', '""')}"`
const table = (...rows: string[][]) => Buffer.from(rows.map(row => `${row.map(cell).join(',')}\r\n`).join(''))
const headOf = (id: string) => `${headLabel(EQUITY, question(id))}: ${question(id).text}`

describe('what Google Forms writes', () => {
  test('times, addresses and scores are told and left out; nobody is named', async () => {
    const reading = await read(
      table(
        ['Marca temporal', 'Email Address', 'Score', 'Name', headOf('warmup'), 'A · the story · 2 of 3'],
        ['2026/11/02 9:15:00 AM GMT-8', 'ana@example.org', '0 / 0', 'Ana', 'Data first.', 'They meet.'],
        ['2026/11/02 9:16:00 AM GMT-8', 'bo@example.org', '0 / 0', 'Bo', '', ''],
      ),
      'responses.csv',
    )
    expect(answersIn(reading)).toEqual({ warmup: 'Data first.', 'a.story.2': 'They meet.' })
    expect(reading.left).toEqual([])
    expect(reading.told).toEqual([
      '2 of 20 questions found',
      'left out, as no answers: Marca temporal, Email Address, Score, Name',
      '1 row without an answer',
    ])
    expect(JSON.stringify(reading)).not.toMatch(/Ana|example\.org/)
  })

  test('a question is told by its words where only one has them; by two equal heads it may be either', async () => {
    const twin = question('c.story.2').text
    const heads = [question('a.story.1').text, `3. ${question('b.story.1').text}`, twin, `${twin} (2)`]
    const reading = await read(table(heads, ['one', 'two', 'three', 'four']), 'responses.csv')
    expect(answersIn(reading)).toEqual({ 'a.story.1': 'one', 'b.story.1': 'two' })
    expect(reading.unclear.map(({ ids, text }) => [text, ...ids])).toEqual([
      ['three', 'c.story.2', 'c.comparison.2'],
      ['four', 'c.story.2', 'c.comparison.2'],
    ])
    expect(reading.left.map(({ text }) => text)).toEqual(['three', 'four'])
  })

  test('a question that was renamed has two columns, and both are its answer', async () => {
    const heads = ['C · your PL system · 1 of 3 (old)', headOf('c.comparison.1'), 'c.comparison.1']
    const reading = await read(table(heads, ['', 'before', 'after']), 'responses.csv')
    expect(answersIn(reading)).toEqual({ 'c.comparison.1': 'before\n\nafter' })
  })
})

test('what KoboToolbox writes: names with their groups, and its own columns', async () => {
  const heads = ['start', 'end', 'element_a/a.story.3', headOf('action'), '_id', '_uuid', '__version__']
  const row = [
    '2026-11-02T09:15:00.000-08:00',
    '2026-11-02T09:25:00.000-08:00',
    'They plan.',
    '- [ ] ask',
    '7',
    'u',
    'v',
  ]
  const reading = await read(table(heads, row), 'kobo.csv')
  expect(answersIn(reading)).toEqual({ 'a.story.3': 'They plan.', action: '- [ ] ask' })
  expect(reading.left).toEqual([])
})

test('other delimiters and encodings, as spreadsheets save them', async () => {
  const semicolons = `warmup;a.story.1\n"one; two";three\n`
  const tabs = 'warmup\ta.story.1\none; two\tthree\n'
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(tabs, 'utf16le')])
  for (const [name, bytes] of [
    ['a.csv', Buffer.from(semicolons)],
    ['b.tsv', Buffer.from(tabs)],
    ['c.txt', utf16],
  ] as const)
    expect([name, answersIn(await read(bytes, name))]).toEqual([
      name,
      { warmup: 'one; two', 'a.story.1': 'three' },
    ])
  await expect(read(Buffer.from('warmup,a.story.1\nx,"no end\n'), 'd.csv')).rejects.toThrow(
    'd.csv: a quotation mark in row 2 has no end.',
  )
  await expect(read(Buffer.from('warmup,a.story.1\ncaf\xe9,x\n', 'latin1'), 'e.csv')).rejects.toThrow(
    'CSV UTF-8',
  )
})

/** An Excel file as Microsoft Forms makes it: texts that are shared, some with several looks, and gaps. */
function workbook(rows: string[][]): Buffer {
  const shared = [...new Set(rows.flat())]
  const looks = (text: string) =>
    text.length > 20
      ? `<r><t xml:space="preserve">${text.slice(0, 9)}</t></r><r><rPr><b/></rPr><t xml:space="preserve">${text.slice(9)}</t></r>`
      : `<t>${text.replaceAll('\n', '_x000D_\n')}</t>`
  const letter = (i: number) =>
    (i > 25 ? String.fromCharCode(64 + Math.floor(i / 26)) : '') + String.fromCharCode(65 + (i % 26))
  const cells = (row: string[], y: number) =>
    row
      .flatMap((text, x) =>
        text === '' ? [] : `<c r="${letter(x)}${y + 1}" t="s"><v>${shared.indexOf(text)}</v></c>`,
      )
      .join('')
  return zipped([
    ['[Content_Types].xml', '<Types/>'],
    ['xl/workbook.xml', '<workbook/>'],
    ['xl/sharedStrings.xml', `<sst>${shared.map(text => `<si>${looks(text)}</si>`).join('')}</sst>`],
    [
      'xl/worksheets/sheet1.xml',
      `<worksheet><sheetData>${rows.map((row, y) => `<row r="${y + 1}">${cells(row, y)}</row>`).join('')}</sheetData></worksheet>`,
    ],
  ])
}

test('what Microsoft Forms writes: 30 people by 20 questions, with its own columns, points and feedback', async () => {
  const own = ['ID', 'Start time', 'Completion time', 'Email', 'Name', 'Total points', 'Quiz feedback']
  const asked = EQUITY.questions.flatMap(({ id }) => [
    headOf(id),
    `Points - ${headOf(id)}`,
    `Feedback - ${headOf(id)}`,
  ])
  const rows = Array.from({ length: 30 }, (_, n) => [
    ...[`${n}`, '45963.4', '45963.5', 'anonymous', `Person ${n}`, '', ''],
    ...EQUITY.questions.flatMap(({ id }) => [n === 7 ? '' : `Ours at ${id}\nby ${n}`, '', '']),
  ])
  const reading = await read(workbook([[...own, ...asked], ...rows]), 'forms.xlsx')
  expect([reading.groups.length, reading.left]).toEqual([29, []])
  expect(reading.told).toContain('1 row without an answer')
  for (const { row = 0, answers } of reading.groups)
    for (const { id } of EQUITY.questions) expect(answers.get(id)?.text).toBe(`Ours at ${id}\nby ${row - 1}`)
})

test('the sheet that asks is read, wherever it stands, and a box that is ticked is a word', async () => {
  const sheet = (...cells: string[]) =>
    `<worksheet><sheetData>${cells.map(cell => `<row>${cell}</row>`).join('')}</sheetData></worksheet>`
  const text = (words: string) => `<c t="inlineStr"><is><t>${words}</t></is></c>`
  const book = zipped([
    ['xl/worksheets/sheet1.xml', sheet(text('Read me'))],
    ['xl/worksheets/sheet2.xml', sheet(text('warmup'), '<c t="b"><v>1</v></c>')],
    ['xl/worksheets/sheet3.xml', sheet()],
  ])
  const reading = await read(book, 'x.xlsx')
  expect(answersIn(reading)).toEqual({ warmup: 'TRUE' })
  expect(reading.told).toEqual(['1 of 20 questions found', '1 other sheet not read'])
  expect(await readAll(zipped([['xl/worksheets/sheet1.xml', sheet(text('Read me'))]]), 'x.xlsx')).toEqual({
    groups: [],
    told: [],
    left: [],
    unclear: [],
  })
})

test('dates, times and shares come as Excel shows them, not as the numbers that it keeps', async () => {
  const cells = ['46037', '46037.4375', '0.4375', '0.85', '2026', '46037'].map(
    (value, i) => `<c s="${i}"><v>${value}</v></c>`,
  )
  const heads = EQUITY.questions.slice(0, 6).map(({ id }) => `<c t="inlineStr"><is><t>${id}</t></is></c>`)
  const row = (cells: string[]) => `<row>${cells.join('')}</row>`
  const book = zipped([
    ['xl/worksheets/sheet1.xml', `<worksheet>${row(heads)}${row(cells)}</worksheet>`],
    [
      'xl/styles.xml',
      `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="d. mmm"/><numFmt numFmtId="165" formatCode="[Red]0 &quot;days&quot;"/></numFmts><cellXfs>${[164, 22, 18, 9, 0, 165].map(id => `<xf numFmtId="${id}"/>`).join('')}</cellXfs></styleSheet>`,
    ],
  ])
  expect(Object.values(answersIn(await read(book, 'x.xlsx')))).toEqual([
    '2026-01-15',
    '2026-01-15 10:30',
    '10:30',
    '85%',
    '2026',
    '46037',
  ])
})

test.skipIf(!PYTHON)(
  `a workbook of openpyxl${PYTHON ? '' : ' (skipped: python3-openpyxl is not installed here)'}`,
  async () => {
    const folder = emptyFolder()
    const script = `import openpyxl; w = openpyxl.Workbook(); w.active.append(['Read me']); s = w.create_sheet('x'); s.append(['Timestamp', 'warmup', 'a.story.1']); s.append([45963.5, 'Data & trust', None]); w.save('x.xlsx')`
    execFileSync(PYTHON ?? '', ['-c', script], { cwd: folder })
    const reading = await read(readFileSync(join(folder, 'x.xlsx')), 'x.xlsx')
    expect([answersIn(reading), reading.left]).toEqual([{ warmup: 'Data & trust' }, []])
  },
)

test('the sign that keeps a cell from being a formula is taken off again, and one that somebody wrote stays', async () => {
  const texts = [
    '=1+1',
    '+1 (916) 555-0123',
    '-5 of 7',
    '@ana',
    '\u200b=typed',
    '\u200bplain',
    '\tx',
    '- [ ] do',
  ]
  const answers = new Map(texts.map((text, i) => [EQUITY.questions[i]?.id ?? '', { text, skipped: false }]))
  const out = [...csv(guideDocument(EQUITY, { answers, jots: '' }, { title: 'x', facts: [] }))].join('')
  expect(out).not.toMatch(/(?:^|,|")[=+@-]/m)
  expect(Object.values(answersIn(await read(Buffer.from(out), 'x.csv')))).toEqual(texts)
})

test('our csv without names, or put together of two: each answer to a question is kept, as a response of its own', async () => {
  const rows = [
    ['id', 'answer', 'status'],
    ['warmup', 'first', 'answered'],
    ['warmup', 'second', 'answered'],
    ['action', '', 'skipped'],
    ['a.story.1', 'only', 'answered'],
  ]
  const { groups, left } = await read(table(...rows), 'digest.csv')
  expect(
    groups.map(({ name, answers }) => [name, ...[...answers].map(([id, { text }]) => [id, text])]),
  ).toEqual([
    ['Response 1', ['warmup', 'first'], ['action', ''], ['a.story.1', 'only']],
    ['Response 2', ['warmup', 'second']],
  ])
  expect(left).toEqual([])
})

test('columns without a head are told by their number where something stands in them', async () => {
  const { told, left } = await read(table(['warmup', '', ''], ['one', '', ''], ['two', '', 'more']), 'x.csv')
  expect(left).toEqual([{ where: 'column 3, row 2', text: 'more' }])
  expect(told).toEqual(['1 of 20 questions found'])
})

test('a line like a mark, in a cell, makes no notes of a table', async () => {
  const text = 'Pasted:\n<!-- answer: warmup -->\nwords\n<!-- /answer -->'
  expect(answersIn(await read(table(['warmup'], [text]), 'x.csv'))).toEqual({ warmup: text })
})

test('every cell is an answer, left over, or of a kind that is left out', () =>
  fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(
        [...EQUITY.questions.map(({ id }) => headOf(id)), question('b.story.3').text, 'Other', '', 'Other'],
        { minLength: 1 },
      ),
      fc.array(fc.array(fc.boolean(), { maxLength: 24 }), { maxLength: 5 }),
      async (heads, body) => {
        const rows = body.map((row, y) => row.map((isFull, x) => (isFull ? `zq${y}x${x}zq` : '')))
        const { groups, left } = await readAll(table(heads, ...rows), 'x.csv')
        const texts = [...groups.flatMap(({ answers }) => [...answers.values()]), ...left].map(
          ({ text }) => text,
        )
        const isOurs = heads.some(head => head !== 'Other' && head !== '')
        expect(texts.join('\n').match(/zq\w+zq/g) ?? []).toHaveLength(
          isOurs ? rows.flat().filter(Boolean).length : 0,
        )
      },
    ),
  ))
