import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { MINUTE } from '../../src/domain/room-clock.ts'
import { plainFacilitationUis } from '../../src/session/choose-ui.ts'
import { leadSession, openRoom } from '../../src/session/facilitation.ts'
import { findPlan } from '../../src/storage/catalog.ts'
import type { LineInput } from '../../src/ui/plain/line-reader.ts'
import { emptyFolder, file, plStories } from '../support/helpers.ts'

/** What is typed, and how many minutes later than the line before. */
type Typed = string | [number, string]

/** A whole meeting in an instant: the clock stands at 15:30 and moves only as the script says. */
async function meeting(
  folder: string,
  plan: string,
  script: Typed[],
  { from = 0, ...wish }: { from?: number; group?: string[]; until?: string } = {},
) {
  let now = new Date(2026, 10, 12, 15, 30).getTime() + from * MINUTE
  const lines = [...script]
  const input: LineInput = {
    async next() {
      const line = lines.shift()
      if (line === undefined) return undefined
      const [minutes, text] = typeof line === 'string' ? [0, line] : line
      now += minutes * MINUTE
      return { text, pasted: false }
    },
    unfinished: () => '',
    terminal: false,
    breakOff() {},
    pause() {},
    close() {},
  }
  let out = ''
  const path = join(folder, 'equity-notes.md')
  const clock = { now: () => now, away: () => 0 }
  const room = await openRoom(await findPlan(plan), path, { ...wish, clock })
  const write = (text: string) => {
    out += text
  }
  const { leading } = await leadSession(room, plainFacilitationUis(input, write, room.services), false)
  return { out, leading, actual: leading.steps.map(({ actual }) => Math.round(actual * 100) / 100) }
}

const capture = (group: string, question: string, text: string): Typed[] => [
  `:capture ${group}`,
  ...(question === '' ? [] : [question]),
  text,
  '.',
]

const tables = [1, 2, 3].map(number => `equity-notes-table-${number}.md`)

describe('an hour with three tables and a jigsaw, rehearsed in an instant', () => {
  test('the clock, the captures and what is kept of it are right', async () => {
    const folder = emptyFolder()
    const { out, actual } = await meeting(folder, 'equity-60-jigsaw', [
      '', // Enter starts the clock, at 15:30
      [5, ':next'],
      [2, ':pause'],
      [10, ':pause'], // the fire alarm
      [4, ':next'], // a minute late
      ':jots',
      [3.2, 'a2 they use survey data'],
      [5.8, '.'],
      ':next',
      [4, ':time'],
      ...capture('1', '2', 'Surveys, twice a year.'),
      [6, ':short'], // 3 minutes behind
      '1',
      ':next',
      ...capture('2', '1', 'Not everybody gets a coach.'),
      [8, ':next'],
      [9, ':next'],
      ...capture('3', '', '- [ ] greet at the door (all, Monday)'),
      [6, ':next'],
      [3, ':next'],
      ':share',
      ':quit',
    ])
    expect(actual).toEqual([5, 6, 9, 10, 8, 9, 6, 3])
    expect(out).toContain('Step 1 of 8: Welcome, norms and roles. 5 minutes, read.')
    expect(out).toContain('If you start now, you end at 16:30.')
    expect(out).toContain('The clock is paused.')
    expect(out).toContain('4:00 left in this step. 1 minute behind.')
    expect(out).toContain(
      "1 take the plan's cuts: Expert tables: how does our system compare? 10 to 8 minutes, Mixed",
    )
    expect(out).toContain('That was the last step. The clock is stopped.')
    expect(out).toContain('Table 1: Element A: Academic Equity: 1 answered, 4 words, 1 jot, in ')
    expect(file(folder, 'equity-notes-table-1.md')).toContain('- [03:12] A2 they use survey data')
    expect(file(folder, 'equity-notes-table-1.md')).toContain(
      '<!-- answer: a.story.2 -->\nSurveys, twice a year.\n',
    )
    expect(file(folder, 'equity-notes-table-2.md')).toContain('group: "Table 2"')
    expect(file(folder, 'equity-notes-table-2.md')).not.toContain('survey data')
    expect(file(folder, 'equity-notes-table-3.md')).toContain('- [ ] greet at the door (all, Monday)')
    expect(out).toContain(`The digest: ${join(folder, 'equity-60-jigsaw-digest.docx')}`)
    expect(readdirSync(folder)).toContain('equity-60-jigsaw-summary.docx')
    const digest = await plStories(['combine', ...tables, '--format', 'markdown'], { folder })
    expect(digest.out).toContain('responses from 3 groups')
    expect(digest.out).toMatch(/Table 1[\s\S]*Surveys, twice a year\./)
    const brief = await plStories(['combine', ...tables, '--brief'], { folder })
    expect(brief.out).toContain('greet at the door')
    const sheet = await plStories(['runsheet', 'equity-60-jigsaw', '--at', '15:30'], { folder })
    expect(sheet.out).toContain('| 15:30 | Welcome, norms and roles | 5 | 5 | 3 |')
    expect(sheet.out).toContain('| 15:49 | Expert tables: what did the story show? | 8 | 10 | 6 |')
    expect(sheet.out).toContain('| 16:30 | End | 60 | 56 | 47 |')
  })

  test('a room that has to end on time is told what is missing, and spreads it', async () => {
    const folder = emptyFolder()
    const { out, leading } = await meeting(
      folder,
      'equity-60',
      ['', ':time', ':short', '2', ':time', [1, ':quit']],
      { until: '4:20pm' },
    )
    expect(out).toContain('You have to end at 4:20 pm.')
    expect(out).toContain('That is 10 minutes short.')
    expect(out).toContain('5:00 left in this step. 10 minutes behind.')
    expect(out).toContain('On time.')
    expect(leading.steps.find(({ id }) => id === 'video')?.allotted).toBe(9)
  })
})

describe('coming back', () => {
  test('an end of the meeting that has passed is told as that, and a time as people say it is remembered', async () => {
    const folder = emptyFolder()
    const first = await meeting(folder, 'equity-45', [
      '',
      ':until 2pm',
      ':until 4:30',
      ':until 4:30pm',
      ':quit',
    ])
    expect(first.out).toContain('"2pm" has passed, or is more than 12 hours away.')
    expect(first.out).toContain('Do you mean the afternoon, as in 4:30pm or 16:30?')
    const { out } = await meeting(folder, 'equity-45', [':opening', ':quit'], { from: 1 })
    expect(out).toMatch(/\d:\d\d pm/)
    expect(out).not.toMatch(/1[56]:\d\d/)
  })

  test('after a lunch break the clock goes on where it stood, at the same step', async () => {
    const folder = emptyFolder()
    await meeting(folder, 'equity-60', ['', [5, ':next'], [2, ':quit']], { group: ['Red', 'Blue'] })
    const { out } = await meeting(folder, 'equity-60', ['', [1, ':time'], ':capture blue', 'x', '.'], {
      from: 60,
    })
    expect(out).toContain('Picking up at step 2 of 8. The clock is paused; Enter resumes it.')
    expect(out).toContain('3:00 left in this step. On time.')
    expect(file(folder, 'equity-notes-blue.md')).toContain('group: "Blue"')
  })

  test('after a crash the room is asked whether it went on, and both answers are right', async () => {
    for (const [answer, left] of [
      ['1', 'Time is up: this step is over by 10:00. 10 minutes behind.'],
      ['2', '4:00 left in this step. On time.'],
    ] as const) {
      const folder = emptyFolder()
      await meeting(folder, 'equity-60', ['', [1, ':pause'], ':pause', ':quit'])
      const path = join(folder, '.60.session.json')
      const kept = JSON.parse(readFileSync(path, 'utf8'))
      kept.leading.since = kept.leading.seen // as a crash leaves it
      file(folder, '.60.session.json', JSON.stringify(kept))
      const { out } = await meeting(folder, 'equity-60', [answer, ':time'], { from: 15 })
      expect(out).toContain('The program was closed or asleep for 14 minutes. Was the room working?')
      expect(out).toContain(left)
    }
  })

  test('a session that was led to its end is followed by a new one', async () => {
    const folder = emptyFolder()
    const through = Array.from({ length: 8 }, (): Typed => [2, ':next'])
    await meeting(folder, 'equity-45', ['', ...through, ':quit'])
    const { out } = await meeting(folder, 'equity-45', [':quit'])
    expect(out).toContain('Enter starts the clock.')
    const sheet = await plStories(['runsheet', 'equity-45'], { folder })
    expect(sheet.out).toContain('| 0:00 | Welcome, norms and roles | 3 | 2 | 2 |')
  })
})

describe('no word is lost', () => {
  test('what is typed without a command is the beginning of what a group says', async () => {
    const folder = emptyFolder()
    const { out } = await meeting(folder, 'equity-60', [
      '',
      ':next',
      'Every line counts.',
      '2',
      'And this.',
      '.',
      ':quit',
    ])
    expect(out).toContain('Which group?')
    expect(file(folder, 'equity-notes-table-2.md')).toContain('\nEvery line counts.\nAnd this.\n')
  })

  test('what was being captured when the input broke off is in the notes', async () => {
    const folder = emptyFolder()
    await meeting(folder, 'equity-60', ['', ':next', ':capture 1', 'Half a sent'])
    expect(file(folder, 'equity-notes-table-1.md')).toContain('Half a sent')
  })

  test('a second capture at the same question comes below the first', async () => {
    const folder = emptyFolder()
    await meeting(folder, 'equity-60', [
      '',
      ':next',
      ...capture('1', '', 'One.'),
      ...capture('1', '', 'Two.'),
      ':quit',
    ])
    expect(file(folder, 'equity-notes-table-1.md')).toContain('\nOne.\nTwo.\n')
  })

  test('in a step that asks nothing, anything that the group is asked can be written down', async () => {
    const folder = emptyFolder()
    const { out } = await meeting(folder, 'equity-60', ['', ':capture 3', '8', 'Act.', '.', ':quit'])
    expect(out).toContain('8 action: What will you and your team do')
    expect(file(folder, 'equity-notes-table-3.md')).toContain('<!-- answer: action -->\nAct.\n')
  })
})

const SECRET = `title: T
guide: ca-qpls-equity
minutes: 20
materials: [Pens]
roles: ["Recorder: writes"]
norms: [Listen]
groups: [{label: One, element: a}, {label: Two, element: b}]
steps:
  - {id: w, title: Wide, minutes: 5, mode: write, protocol: round robin, say: Say this, ask: [story], notes: SECRET-1, probes: [SECRET-2], cut: 4.75}
  - {id: x, title: Next, minutes: 10, mode: watch, protocol: jigsaw, say: And this, ask: [warmup], notes: SECRET-3, probes: [SECRET-4], cut: 3.25}
  - {id: y, title: Last, minutes: 5, mode: discuss, protocol: four corners, say: Bye, ask: [action], notes: SECRET-5, probes: [SECRET-6], cut: 0}
`

test('what is for the facilitator alone appears nowhere until it is asked for', async () => {
  const folder = emptyFolder()
  file(folder, 'secret.yaml', SECRET)
  const plan = join(folder, 'secret.yaml')
  const all = [':step', ':questions', ':plan', ':time', ':help', ':read', ':read 1', ':jots', 'a1 x', '.']
  const script: Typed[] = [
    '',
    ...all,
    ...capture('1', '1', 'x'),
    ...capture('2', '1', 'x'),
    ':next',
    ...all,
    ':next',
    ...all,
    ':next',
    ':quit',
  ]
  const { out } = await meeting(folder, plan, script)
  for (const text of [out, file(folder, 'equity-notes-one.md'), file(folder, 'equity-notes-two.md')]) {
    expect(text).not.toContain('SECRET')
    expect(text).not.toMatch(/4\.75|3\.25/)
  }
  const handout = await plStories(['handout', plan], { folder })
  expect(handout.out).not.toContain('SECRET')
  const asked = await meeting(folder, plan, ['', ':notes', ':quit'])
  expect(asked.out).toContain('SECRET-1\nProbes:\n- SECRET-2\nWhen time is short: 4.8 minutes instead of 5.')
})

describe('the program', () => {
  test('leads through the lines of a pipe, and says how to go on', async () => {
    const folder = emptyFolder()
    const { code, out } = await plStories(['facilitate', 'equity-45'], {
      folder,
      input: '\n:next\n:nxt\n:quit\n',
    })
    expect(code).toBe(0)
    expect(out).toContain('Step 2 of 8: Warmup.')
    expect(out).toContain('There is no command ":nxt". Did you mean ":next"?')
    expect(out).toContain(
      `To resume: pl-stories facilitate equity-45 --notes ${join(folder, 'equity-notes.md')}`,
    )
    const again = await plStories(['facilitate', 'equity-45'], { folder, input: ':quit\n' })
    expect(again.out).toContain('Picking up at step 2 of 8.')
  })

  test('lists the plans, and refuses what could not be led: exit 2, nothing written', async () => {
    const folder = emptyFolder()
    expect((await plStories(['facilitate'], { folder })).out).toContain('60-jigsaw')
    for (const args of [
      ['equity-6o'],
      ['equity-60', '--until', '25:00'],
      ['equity-60', '--group', 'Red', 'red'],
    ]) {
      const { code, err } = await plStories(['facilitate', ...args], { folder })
      expect([code, err === '']).toEqual([2, false])
    }
    file(folder, 'equity-notes-red.md', 'not notes')
    const { code, err } = await plStories(['facilitate', 'equity-60', '--group', 'Red'], { folder })
    expect(code).toBe(2)
    expect(err).toContain('equity-notes-red.md is not a notes file')
    expect(file(folder, 'equity-notes-red.md')).toBe('not notes')
  })
})
