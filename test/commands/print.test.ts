import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { EQUITY, emptyFolder, file, plStories } from '../support/helpers.ts'

const PLAN = `title: Half an hour
guide: ca-qpls-equity
minutes: 30
materials: [Pens]
groups: [{label: Red, element: a}, {label: Blue, element: b}]
steps:
  - id: hello
    minutes: 10
    say: Welcome | everybody.
    notes: Breathe.
    cut: 5
  - id: talk
    minutes: 20
    protocol: round robin
    ask: [a.story.1, b.story.1, warmup]
    probes: [And then?]
`

test('without a plan the shipped ones are listed', async () => {
  const { code, out } = await plStories(['runsheet'], { folder: emptyFolder() })
  expect(code).toBe(0)
  expect(out).toMatch(/ 45 .*\n.* 60 .*\n.* 60-jigsaw .*\n.* 90 /)
})

test('a mistyped plan is answered with the nearest one', async () => {
  const { code, err, out } = await plStories(['runsheet', '60-jigsav'], { folder: emptyFolder() })
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('There is no plan "60-jigsav". Did you mean "60-jigsaw"? Plans: ')
})

test('the clock times are right across midnight, said the way they were asked for', async () => {
  const folder = emptyFolder()
  file(folder, 'half.yaml', PLAN)
  const { code, out, err } = await plStories(['runsheet', 'half.yaml', '--at', '11:45pm'], { folder })
  expect(code).toBe(0)
  expect(out).toContain('**30 minutes · 11:45 pm to 12:15 am (next day) · For the facilitator**')
  expect(out).toContain('| 11:45 pm | Hello | 10 | 5 |')
  expect(out).toContain('| 11:55 pm | Talk | 20 |  |')
  expect(out).toContain('## 11:55 pm to 12:15 am (next day): Talk')
  expect(err).toContain('No step of this plan asks: a.story.2, a.story.3, a.comparison.1')
  const plain = await plStories(['runsheet', 'half.yaml', '--at', '23:45'], { folder })
  expect(plain.out).toContain('| 23:55 | Talk | 20 |  |')
  const nought = await plStories(['runsheet', 'half.yaml'], { folder })
  expect(nought.out).toContain('| 10:00 | Talk | 20 |  |')
})

test('what is said, asked and noted stands under its step, by group', async () => {
  const folder = emptyFolder()
  file(folder, 'half.yaml', PLAN)
  const { out } = await plStories(['runsheet', 'half.yaml'], { folder })
  expect(out).toContain('> Welcome | everybody.')
  expect(out).toContain('### Notes\n\nBreathe.')
  expect(out).toContain('### Probes\n\n- And then?')
  expect(out).toMatch(/- What stands out to you about this standard and why\?\n\n#### Red: Element A/)
  expect(out).toMatch(
    /#### Blue: Element B: Systemic Equity\n\n- \*\*Element B · the story · 1 of 3:\*\* How does this PL system ensure/,
  )
})

test('what the steps took the last time stands beside what was planned', async () => {
  const folder = emptyFolder()
  file(folder, 'half.yaml', PLAN)
  const steps = [
    { id: 'hello', planned: 10, allotted: 10, actual: 12.5 },
    { id: 'talk', planned: 20, allotted: 20, actual: 19 },
  ]
  const kept = { format: 1, leading: { steps, at: 2, startedAt: 0, over: 0 }, groups: [] }
  file(folder, '.half.session.json', JSON.stringify(kept))
  const { out } = await plStories(['runsheet', 'half.yaml'], { folder })
  expect(out).toContain('| Begins | Step | Minutes | Last time | If short |')
  expect(out).toContain('| 0:00 | Hello | 10 | 12.5 | 5 |')
  expect(out).toContain('| 30:00 | End | 30 | 31.5 | 25 |')
})

test('goes into a page or a Word file; what is no page is refused', async () => {
  const folder = emptyFolder()
  file(folder, 'half.yaml', PLAN)
  const page = await plStories(['runsheet', 'half.yaml', '--at', '15:30', '-o', 'half.html'], { folder })
  expect(page.code).toBe(0)
  expect(file(folder, 'half.html')).toContain('<h2>15:40 to 16:00: Talk</h2>')
  expect((await plStories(['runsheet', 'half.yaml', '-o', 'half.docx'], { folder })).code).toBe(0)
  const { code, err } = await plStories(['runsheet', 'half.yaml', '--format', 'csv'], { folder })
  expect([code, err]).toEqual([2, 'A run sheet can be written as markdown, html, docx or pdf, not as csv.\n'])
  expect(
    (await plStories(['runsheet', 'half.yaml', '-o', 'half.yaml', '--format', 'html'], { folder })).code,
  ).toBe(2)
})

test('a handout of a plan has what the plan asks, and nothing of what the facilitator knows', async () => {
  const folder = emptyFolder()
  file(folder, 'half.yaml', PLAN)
  const { code, out } = await plStories(['handout', 'half.yaml'], { folder })
  expect(code).toBe(0)
  expect(out).toContain('Half an hour')
  expect(out).toContain('How does the PL system use disaggregated')
  expect(out).not.toContain('enable educators to plan')
  expect(out).not.toMatch(/Breathe|And then\?/)
})

test('a plan that could not be led is told of before the room is full: exit 2', async () => {
  const folder = emptyFolder()
  file(folder, 'half.yaml', PLAN.replace('minutes: 20', 'minutes: 21').replace('warmup', 'wormup'))
  const { code, err, out } = await plStories(['runsheet', 'half.yaml'], { folder })
  expect([code, out]).toEqual([2, ''])
  expect(err).toContain('half.yaml:3:10: the steps add up to 31 minutes, but the plan says 30')
  expect(err).toMatch(
    /half\.yaml:15:33: "wormup" is not a part of this guide\n.*\n.*\n {2}Did you mean "warmup"\?/,
  )
})

test('a plan for a guide of one’s own finds it beside itself', async () => {
  const folder = emptyFolder()
  file(
    folder,
    'mine.yaml',
    'id: my-guide\nname: mine\ntitle: Mine\nsource: {publisher: Us}\nstories:\n  title: S\n  elements: []\nwarmup:\n  title: W\n  questions: [{id: first, text: What now?}]\n',
  )
  file(
    folder,
    'hour.yaml',
    'title: T\nguide: my-guide\nminutes: 5\nsteps: [{id: one, minutes: 5, ask: first}]\n',
  )
  const { code, out, err } = await plStories(['runsheet', 'hour.yaml'], { folder })
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('- What now?')
})

test('--per-group makes a handout for each group: Warmup, its element and Take Action', async () => {
  const folder = emptyFolder()
  const { code, out, err } = await plStories(['handout', '60-jigsaw', '--per-group'], { folder })
  expect([code, out]).toEqual([0, ''])
  for (const [i, letter] of ['A', 'B', 'C'].entries()) {
    const name = `equity-handout-table-${i + 1}.md`
    expect(err).toContain(`${join(folder, name)}: created\n`)
    const text = file(folder, name)
    expect(text).toMatch(new RegExp(`^\\*\\*.* · Table ${i + 1} · Handout\\*\\*$`, 'm'))
    expect(text).toContain('## Warmup')
    expect(text).toContain('## Take Action')
    expect([...text.matchAll(/^### Element (\w): /gm)].map(([, each]) => each)).toEqual([letter])
  }
  await plStories(['handout', '60-jigsaw', '--per-group', '-o', 'h.docx'], { folder })
  expect(readdirSync(folder)).toContain('h-table-2.docx')
  await plStories(['handout', '60-jigsaw', '--per-group', '--only', 'b', '-o', 'b.md'], { folder })
  expect(readdirSync(folder).filter(each => each.startsWith('b-'))).toEqual(['b-table-2.md'])
  const groupless = 'title: T\nguide: ca-qpls-equity\nminutes: 5\nsteps: [{ id: a, minutes: 5, ask: a }]\n'
  file(folder, 'groupless.yaml', groupless)
  for (const plan of [[], ['groupless.yaml']]) {
    const { code, err } = await plStories(['handout', ...plan, '--per-group'], { folder })
    expect([code, err]).toEqual([2, expect.stringContaining('--per-group is for a plan with groups')])
  }
})

test('--format csv is the heads of a form, which are known again', async () => {
  const folder = emptyFolder()
  const { code, out } = await plStories(['handout', '--format', 'csv'], { folder })
  expect(code).toBe(0)
  expect(out).toMatch(
    /^\ufeffWarmup: What stands out .*,A · the story · 1 of 3: How does .*,Take Action: What will .*\r\n$/,
  )
  expect(out.trim().split('\n')).toHaveLength(1)
  file(folder, 'form.csv', `${out}${EQUITY.questions.map(({ id }) => `Ours at ${id}`).join(',')}\r\n`)
  const read = await plStories(['check', 'form.csv'], { folder })
  expect(read).toEqual({ code: 0, out: 'form.csv: 20 answers taken\n  20 of 20 questions found\n', err: '' })
  const part = await plStories(['handout', '--only', 'b.story', '--format', 'csv'], { folder })
  expect(part.out.match(/B · the story · \d of 3: /g)).toHaveLength(3)
})
