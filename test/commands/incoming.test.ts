import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { csv } from '../../src/export/data.ts'
import { guideDocument } from '../../src/export/guide-document.ts'
import { markdown } from '../../src/export/markdown.ts'
import { blankNotes, readNotes, withAnswers } from '../../src/notes/notes.ts'
import { filled, paragraph, run } from '../import/reading.ts'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { edited, zipped } from '../support/office.ts'
import { openTerminal } from '../support/terminal.ts'

/* Answers come home in files of every format: `start --answers`, `combine`, `check`. */

const answersIn = (folder: string, name = 'equity-notes.md') =>
  Object.fromEntries(
    [...readNotes({ name, text: file(folder, name) }).answers].flatMap(([id, { text }]) =>
      text === '' ? [] : [[id, text]],
    ),
  )
const said = (text: string) => ({ text, skipped: false })
const blank = readNotes({ name: 'n.md', text: blankNotes(EQUITY, { file: 'n.md' }) })
const WISH = { title: EQUITY.title, facts: [EQUITY.subtitle] }
/** A Word file with nothing of ours. */
const LETTER = zipped([
  ['word/document.xml', `<w:document><w:body>${paragraph(run('Dear all,'))}</w:body></w:document>`],
])
const start = (folder: string, answers: string, ...args: string[]) =>
  plStories(['start', '--answers', answers, '--no-input', ...args], { folder })

test('a filled handout is recorded, and told of before: the sums first, then what is left over', async () => {
  const folder = emptyFolder()
  const handout = edited(filled({ warmup: 'Data first.', 'b.story.2': 'They meet.' }), xml =>
    xml.replace('<w:body>', '<w:body><w:p><w:r><w:t>Written above it all.</w:t></w:r></w:p>'),
  )
  file(folder, 'table-3.docx', handout)
  const { code, out, err } = await start(folder, 'table-3.docx')
  expect([code, out]).toEqual([1, ''])
  expect(err.split('\n')).toEqual([
    'table-3.docx: 2 answers taken · 1 left over · 18 questions without an answer',
    '  left over, before the first question: Written above it all.',
    `${join(folder, 'equity-notes.md')}: created (from table-3.docx: 2 recorded)`,
    'No questions were asked. 2 of 20 answered, 18 open.',
    '',
  ])
  expect(answersIn(folder)).toEqual({ warmup: 'Data first.', 'b.story.2': 'They meet.' })
})

test('a folder of handouts, tables and data is recorded; where two files contradict each other, both are told', async () => {
  const folder = emptyFolder()
  mkdirSync(join(folder, 'in'))
  file(folder, 'in/a.docx', filled({ warmup: 'Data first.' }))
  file(folder, 'in/b.yaml', 'guide: ca-qpls-equity\nanswers:\n  a.story.1: From a file.\n')
  file(folder, 'in/c.csv', 'warmup,a.story.2\nTrust first.,In a cell.\n')
  file(folder, 'in/photo.png', 'no answers')
  const { code, err } = await start(folder, 'in')
  expect(code).toBe(1)
  expect(err).toContain('left over, warmup (in/a.docx has a different answer): Trust first.')
  expect(answersIn(folder)).toEqual({
    warmup: 'Data first.',
    'a.story.1': 'From a file.',
    'a.story.2': 'In a cell.',
  })
})

const RESPONSES =
  'Timestamp,Team,A · the story · 1 of 3,Anything else?\n2026/11/02 09:00:00,Oak,We survey.,\n2026/11/02 09:05:00,Elm,We ask.,"Thanks, all"\n'

test('of a table, the row is named by its number or by what stands in the label column', async () => {
  const folder = emptyFolder()
  file(folder, 'responses.csv', RESPONSES)
  const unnamed = await start(folder, 'responses.csv')
  expect([unnamed.code, existsSync(join(folder, 'equity-notes.md'))]).toEqual([2, false])
  expect(unnamed.err).toContain('Rows: 1 "Response 1", 2 "Response 2".')
  await start(folder, 'responses.csv', '--row', '2')
  expect(answersIn(folder)).toEqual({ 'a.story.1': 'We ask.' })
  const named = ['--row', 'Oak', '--label-column', 'team', '--notes', 'oak.md']
  await start(folder, 'responses.csv', ...named)
  expect(answersIn(folder, 'oak.md')).toEqual({ 'a.story.1': 'We survey.' })
  const missing = await start(folder, 'responses.csv', '--row', '7')
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('has no row "7"')])
})

test('a file for another guide, or of none, is refused with what it is', async () => {
  const folder = emptyFolder()
  file(
    folder,
    'h.docx',
    edited(filled({ warmup: 'x' }), xml => xml.replace('ca-qpls-equity', 'data'), 'docProps/custom.xml'),
  )
  file(folder, 'old.doc', Buffer.from('d0cf11e0a1b11ae1', 'hex'))
  file(folder, 'plain.md', '# Minutes\n\nWe met.\n')
  file(folder, 'letter.docx', LETTER)
  file(folder, 'budget.csv', 'a,b\n1,2\n')
  for (const [name, why] of [
    ['h.docx', 'h.docx holds answers to the guide "data", not to "ca-qpls-equity".'],
    [
      'old.doc',
      'old.doc is an old or password-protected Office file. Open it there and save it as .docx, or a table',
    ],
    ['plain.md', 'plain.md is not an answers file'],
    ['letter.docx', 'letter.docx holds no answers: none of the questions'],
    ['budget.csv', 'budget.csv holds no answers: none of the questions'],
    ['gone.docx', 'There is no file gone.docx.'],
  ] as const) {
    const { code, err } = await start(folder, name)
    expect([name, code, err]).toEqual([name, 2, expect.stringContaining(why)])
  }
  expect(existsSync(join(folder, 'equity-notes.md'))).toBe(false)
})

test('a column that could mean several questions is asked about once, and remembered by its row of heads', async () => {
  const folder = emptyFolder()
  const twin = EQUITY.questions.find(({ id }) => id === 'b.story.2')?.text
  const table = (words: string) => `warmup,"${twin}"\n${words},We plan ${words}.\n`
  file(folder, 'first.csv', table('once'))
  const unasked = await start(folder, 'first.csv')
  expect([unasked.code, unasked.err]).toEqual([
    1,
    expect.stringContaining('could be b.story.2 or b.comparison.2, row 1: We plan once.'),
  ])
  const args = ['start', '--answers', 'first.csv', '--notes', 'a.md', '--accessible']
  const screen = openTerminal({ folder, args, columns: 100 })
  expect(await screen.shows('Which question does this answer?')).toContain('We plan once.')
  await screen.shows(/2 .*Element B · your PL system · 2 of 3/)
  await screen.send('2\r')
  await screen.shows('2 recorded')
  expect(answersIn(folder, 'a.md')).toEqual({ warmup: 'once', 'b.comparison.2': 'We plan once.' })
  screen.kill('SIGTERM')
  await screen.ended
  file(folder, 'again.csv', table('again'))
  const { code, err } = await start(folder, 'again.csv', '--notes', 'b.md')
  expect([code, answersIn(folder, 'b.md')]).toEqual([
    1,
    { warmup: 'again', 'b.comparison.2': 'We plan again.' },
  ])
  expect(err).toContain('used for b.comparison.2, as you chose for this table before')
})

const combine = (folder: string, ...args: string[]) => plStories(['combine', ...args], { folder })

test('a folder of 12 tables in Word, Markdown, csv and notes makes one digest, in the order people count', async () => {
  const folder = emptyFolder()
  for (let n = 1; n <= 12; n++) {
    const answers = { warmup: `Said by ${n}.`, 'c.comparison.3': `Ours at ${n}.` }
    const notes = withAnswers(
      blank,
      EQUITY,
      new Map(Object.entries(answers).map(([id, text]) => [id, said(text)])),
    )
    const exported = guideDocument(
      EQUITY,
      { answers: readNotes({ name: '', text: notes }).answers, jots: '' },
      WISH,
    )
    const forms: [string, string | Buffer][] = [
      ['docx', filled(answers)],
      ['md', [...markdown(exported)].join('')],
      ['csv', [...csv(exported)].join('')],
      ['md', notes],
    ]
    const [ending = '', content = ''] = forms[n % forms.length] ?? []
    file(folder, `table-${n}.${ending}`, content)
  }
  const { code, out, err } = await combine(folder, '.')
  expect([code, err.match(/: 2 answers taken · 18 questions without an answer$/gm)?.length]).toEqual([0, 9])
  expect(out).toContain(`12 groups · ${Array.from({ length: 12 }, (_, i) => `Table ${i + 1}`).join(', ')}`)
  for (let n = 1; n <= 12; n++) expect(out).toMatch(new RegExp(`\\*\\*Table ${n}:\\*\\*\n\nOurs at ${n}\\.`))
})

test('rows of a form are groups; names reach the digest only by --label-column', async () => {
  const folder = emptyFolder()
  file(folder, 'responses.csv', RESPONSES)
  const { code, out, err } = await combine(folder, 'responses.csv')
  expect([code, out.includes('Oak')]).toEqual([1, false])
  expect(out).toMatch(/\*\*Response 1:\*\*\n\nWe survey\.[\s\S]*\*\*Response 2:\*\*\n\nWe ask\./)
  expect(err).toContain('left over, column "Anything else?", row 2: Thanks, all\n')
  expect(err).toContain('left out, as no answers: Timestamp')
  const named = await combine(folder, 'responses.csv', '--label-column', 'Team')
  expect(named.out).toMatch(/\*\*Oak:\*\*\n\nWe survey\.[\s\S]*\*\*Elm:\*\*\n\nWe ask\./)
  expect((await combine(folder, 'responses.csv', '--label-column', 'Tea')).err).toContain(
    'Did you mean "Team"?',
  )
  expect((await combine(folder, 'responses.csv', '--label-column', 'Team', '--anonymous')).code).toBe(2)
})

test('what we made of notes is not counted again: exports, blank handouts, run sheets, briefs, digests', async () => {
  const folder = emptyFolder()
  for (const [id, text] of [
    ['warmup', 'A *star* and a list:\n\n- one\n- two'],
    ['action', '- [ ] ask (Ana, by May)'],
  ])
    await plStories(['answer', id ?? '', text ?? '', '--notes', 'oak.md'], { folder })
  const made = [
    ['export', '-o', 'oak.docx'],
    ['export', '-o', 'page.html'],
    ['export', '-o', 'oak.csv'],
    ['export', '-o', 'data.json'],
    ['export', '--layout', 'compare', '-o', 'beside.md'],
    ['export', '--brief', '-o', 'brief.docx'],
    ['handout', '-o', 'handout.docx'],
    ['handout', '-o', 'handout.md'],
    ['runsheet', '60', '-o', 'hour.docx'],
  ]
  for (const args of made) expect((await plStories([...args, '--notes', 'oak.md'], { folder })).code).toBe(0)
  for (const ending of ['md', 'docx', 'html', 'csv', 'json', 'yaml'])
    await combine(folder, 'oak.md', '-o', `digest.${ending}`)
  const { code, out, err } = await combine(folder, '.')
  expect([code, out.includes('responses from 1 group')]).toEqual([0, true])
  expect(err).toContain("data.json has nothing that isn't in oak.md; counted once.")
  expect(err).toContain('handout.docx has no answers; not counted.')
  expect(err).toContain('digest.csv is a digest or a brief. It is left out')
})

test.each(['csv', 'json', 'yaml'])('a digest as %s, named, makes the same digest', async ending => {
  const folder = emptyFolder()
  for (const [name, text] of [
    ['oak', 'First.'],
    ['elm', 'Second.'],
  ]) {
    await plStories(['answer', 'warmup', text ?? '', '--notes', `${name}.md`], { folder })
    file(
      folder,
      `${name}.md`,
      file(folder, `${name}.md`).replace('format: 1', `format: 1\ngroup: ${name} people`),
    )
  }
  await combine(folder, 'oak.md', 'elm.md', '-o', `digest.${ending}`)
  const first = await combine(folder, 'oak.md', 'elm.md')
  const again = await combine(folder, `digest.${ending}`)
  expect([again.code, again.out]).toEqual([0, first.out])
})

test('one group in two formats with other answers makes no digest until it is said what they are', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'Data first.', '--notes', 'oak.md'], { folder })
  file(folder, 'oak.docx', filled({ warmup: 'Data second.' }))
  const { code, err } = await combine(folder, '.')
  expect([code, err]).toEqual([
    1,
    expect.stringContaining('oak.docx looks like a copy of oak.md, with other answers: warmup'),
  ])
  const merged = await combine(folder, '.', '--copies', 'merge')
  expect(merged.out).toMatch(/responses from 1 group[\s\S]*Data first\.[\s\S]*Data second\./)
})

test('numbered Word files, as browsers name the returns of five tables, are groups; equal ones are copies', async () => {
  const folder = emptyFolder()
  file(folder, 'handout.docx', filled({ warmup: 'One.' }))
  file(folder, 'handout (1).docx', filled({ warmup: 'Two.' }))
  file(
    folder,
    'handout (2).docx',
    edited(filled({ warmup: 'One.' }), xml => `${xml}\n`),
  )
  const { code, out, err } = await combine(folder, '.')
  expect([code, out.includes('2 groups · handout, handout (1)')]).toEqual([0, true])
  expect(err).toContain(
    'handout (1).docx looks like a copy of handout.docx. Its answers differ, so it counts as a group',
  )
  expect(err).toContain('handout (2).docx looks like a copy of handout.docx; counted once.')
})

test('check says what would be taken from a filled form, and what would be left over', async () => {
  const folder = emptyFolder()
  file(folder, 'table-3.docx', filled({ warmup: 'Data first.' }))
  const sound = await plStories(['check', 'table-3.docx'], { folder })
  expect(sound).toEqual({
    code: 0,
    out: 'table-3.docx: 1 answer taken · 19 questions without an answer\n',
    err: '',
  })
  file(folder, 'responses.csv', RESPONSES)
  file(folder, 'old.rtf', '{\\rtf1\\ansi x}\n')
  file(folder, 'photo.png', 'x')
  file(folder, 'letter.docx', LETTER)
  const { code, out } = await plStories(['check', '.'], { folder })
  expect(code).toBe(1)
  expect(out).toContain('old.rtf: not a type of file that can be read\n')
  expect(out).toContain('letter.docx: not one of our files, skipped\n')
  expect(out).toContain('photo.png: not a type of file that can be read\n')
  expect(out).toContain(
    'responses.csv: 2 rows · 2 answers taken · 1 left over · 19 questions without an answer\n',
  )
  const named = await plStories(['check', 'old.rtf', 'table-3.docx'], { folder })
  expect([named.code, named.out]).toEqual([
    2,
    expect.stringContaining('old.rtf is an RTF file. Open it there and save it as .docx.\n'),
  ])
  const letter = await plStories(['check', 'letter.docx'], { folder })
  expect([letter.code, letter.out]).toEqual([
    2,
    'letter.docx holds no answers: none of the questions of a guide, or their labels, were found in it.\n',
  ])
})

test('what comes through the pipe is read as any file is', async () => {
  const folder = emptyFolder()
  const input = filled({ warmup: 'Data first.' })
  const told = 'the pipe: 1 answer taken · 19 questions without an answer\n'
  const combined = await plStories(['combine', '-', '--brief'], { folder, input })
  expect([combined.code, combined.err]).toEqual([0, told])
  expect(combined.out).toContain('Data first.')
  expect(await plStories(['check', '-'], { folder, input })).toEqual({ code: 0, out: told, err: '' })
  const started = await plStories(['start', '--answers', '-'], { folder, input })
  expect([started.code, started.err.startsWith(told)]).toEqual([1, true])
  expect(answersIn(folder)).toEqual({ warmup: 'Data first.' })
})

test('a box whose signs contradict each other is asked about', async () => {
  const folder = emptyFolder()
  const [a, b] = ['in_a_story_1', 'in_a_story_2']
  const swapped = edited(filled({ 'a.story.1': 'one', 'a.story.2': 'two' }), xml =>
    xml
      .replace(`"${a}"`, '"x"')
      .replace(`"${b}"`, `"${a}"`)
      .replace('"x"', `"${b}"`)
      .replace(/Answer_\w+/g, 'Normal'),
  )
  file(folder, 'h.docx', swapped)
  const args = ['start', '--answers', 'h.docx', '--accessible']
  const screen = openTerminal({ folder, args, columns: 100 })
  await screen.shows(
    /\?\s+one\s+1 Element A · the story · 2 of 3 · 2 Element A · the story · 1 of 3 · 3 none of these/,
  )
  await screen.send('2\r')
  await screen.shows(/\?\s+two\s+1 .* · 3 none of these/)
  await screen.send('3\r')
  await screen.shows('1 recorded')
  expect(answersIn(folder)).toEqual({ 'a.story.1': 'one' })
  expect(await screen.history()).toContain('left over, could be a.story.1 or a.story.2: two')
  screen.kill('SIGTERM')
  await screen.ended
})
