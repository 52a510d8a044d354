import { expect, test } from 'vitest'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'
import { openTerminal } from '../support/terminal.ts'

const IDS = EQUITY.questions.map(({ id }) => id)
const line = (i: number) => `Line ${i} of a very long answer, with “quotes” and <!-- almost --> a mark.`
const megabyte = (id: string) => {
  const lines = Array.from({ length: 13_500 }, (_, i) => line(i))
  return [`This is ${id}.`, ...lines].join('\n')
}

test('20 answers of 1 MB each are saved, resumed and exported', async () => {
  const folder = emptyFolder()
  const input = IDS.slice(0, 19)
    .map(id => `${megabyte(id)}\n.\n`)
    .join('')
  const first = await plStories([], { folder, input })
  expect(first.err).toBe('')
  expect(first.out).toContain('Saved. 19 of 20 answered.')
  const again = await plStories([], { folder, input: `${megabyte('action')}\n.\n` })
  expect(again.out).toContain('Welcome back: 19 of 20 answered, 1 open. Picking up at question 20.')
  expect(again.code).toBe(0)
  const { out } = await plStories(['export', 'json'], { folder })
  const { answers } = JSON.parse(out)
  for (const id of IDS) expect(answers[id] === megabyte(id)).toBe(true)
})

/** No stack may overflow, no pattern may go back and forth: each of these once ended the program. */
test.each([
  ['130,000 lines', 'A line of an answer.\n'.repeat(130_000)],
  ['150,000 headings', '# h\n'.repeat(150_000)],
  ['10 million blank lines', `a${'\n'.repeat(10_000_000)}b`],
  ['160,000 spaces', `a${' '.repeat(160_000)}b`],
  ['100,000 paragraphs', 'p\n\n'.repeat(100_000)],
])('an answer of %s comes out in every format, and home from pages and tables', async (_, answer) => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', '-'], { folder, input: answer })
  for (const format of ['markdown', 'html', 'docx', 'csv', 'json', 'yaml']) {
    const { code, err } = await plStories(['export', format, '-o', `out.${format}`], { folder })
    expect([format, code, err]).toEqual([format, 0, expect.stringContaining('created')])
  }
  for (const page of ['out.markdown', 'out.html', 'out.csv']) {
    const { code, out } = await plStories(['check', page], { folder })
    expect([code, out]).toEqual([0, expect.stringContaining('1 answer taken')])
  }
  expect(JSON.parse(file(folder, 'out.json')).answers.warmup === answer.trimEnd()).toBe(true)
  expect((await plStories(['read'], { folder })).code).toBe(0)
})

test('a table of 200,000 rows is read in a window', async () => {
  const folder = emptyFolder()
  const rows = Array.from({ length: 200_000 }, (_, i) => `| row ${i} | b |`)
  await plStories(['answer', 'warmup', '-'], { folder, input: `| x | y |\n|---|---|\n${rows.join('\n')}` })
  const whole = openTerminal({ folder, args: ['read', 'notes'] })
  expect(await whole.ended).toBe(0)
  expect(whole.raw()).toContain('row 199999')
})

test('a file of 50 MB that is none of our notes is refused', async () => {
  const folder = emptyFolder()
  file(folder, 'big.md', `${'<!-- answer '.repeat(10)}\n`.repeat(430_000))
  const { code, err } = await plStories(['--notes', 'big.md'], { folder })
  expect(code).toBe(2)
  expect(err.length).toBeLessThan(10_000)
})
