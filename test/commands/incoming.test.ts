import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readNotes } from '../../src/notes/notes.ts'
import { filled } from '../import/reading.ts'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { edited } from '../support/office.ts'
import { openTerminal } from '../support/terminal.ts'

/* Answers come home in files of every format: `start --answers`, `combine`, `check`. */

const answersIn = (folder: string, name = 'equity-notes.md') =>
  Object.fromEntries(
    [...readNotes({ name, text: file(folder, name) }).answers].flatMap(([id, { text }]) =>
      text === '' ? [] : [[id, text]],
    ),
  )
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
  expect(err).toContain('left over, warmup, answered otherwise in in/a.docx: Trust first.')
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
  for (const [name, why] of [
    ['h.docx', 'h.docx holds answers to the guide "data", not to "ca-qpls-equity".'],
    ['old.doc', 'old.doc is an old or password-protected Office file. Open it there and save it as .docx.'],
    ['plain.md', 'plain.md is not an answers file'],
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
  expect(err).toContain('taken for b.comparison.2, as you said of these heads before')
})
