import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { systemClock } from '../../src/session/clock.ts'
import { emptyFolder, file, plStories } from '../support/helpers.ts'
import { FakeClock, inLines, meeting, open, type Typed } from '../support/room.ts'

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
    expect(out).toContain('Table 1: 1 answered, 4 words, 1 jot, in ')
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

describe('groups', () => {
  const kept = (folder: string) => JSON.parse(file(folder, '.60.session.json')).groups

  test('of a plan for any guide get its elements in turn; those that are named later do, too, and none is dropped', async () => {
    const folder = emptyFolder()
    const { out } = await meeting(folder, '60', ['', ':quit'], { group: ['Red', 'Blue'] })
    expect(out).toContain('- Red: Element A: Academic Equity\n- Blue: Element B: Systemic Equity\n')
    const again = await meeting(folder, '60', [':norms', ':quit'], { group: ['Green', 'blue'] })
    expect(again.out).toContain('- Blue: Element B: Systemic Equity\n- Green: Element C: Climate Equity\n')
    expect(kept(folder)).toEqual([
      { label: 'Red', element: 'a' },
      { label: 'Blue', element: 'b' },
      { label: 'Green', element: 'c' },
    ])
  })

  test('can be added, renamed and given another element; a group keeps its file, which says so', async () => {
    const folder = emptyFolder()
    const { out } = await meeting(folder, '60', [
      '',
      ':next',
      ...capture('1', '', 'One.'),
      ...[':groups', '4', 'Table 4'],
      ...[':groups', '1', '1', 'Library'],
      ...[':groups', '1', '2'],
      ...[':groups', '2', '1', 'Table 3'],
      ...[':groups', '2', '4', '1'],
      ...[':groups', '2', '4', '2'],
      ...[':capture', 'not now'],
      ':read library',
      ':quit',
    ])
    expect(out).toContain(
      '1 rename\n2 give it Element B: Systemic Equity\n3 give it Element C: Climate Equity',
    )
    expect(out).toContain('The groups "Table 3" and "Table 3" would be hard to tell apart.')
    expect(out).toContain('\n1 Library ✓ · 2 Table 3 · 3 Table 4 · 4 not now\n')
    expect(out).toContain('Remove Table 2? Its notes file stays, but the digest made here leaves it out.')
    expect(kept(folder)).toEqual([
      { label: 'Library', element: 'b', file: 'table-1' },
      { label: 'Table 3', element: 'c' },
      { label: 'Table 4', element: 'a' },
    ])
    const notes = file(folder, 'equity-notes-table-1.md')
    expect(notes).toMatch(/^group: "Library"\nasked: \["warmup","b\.story\.1"/m)
    expect(notes).toContain('\nOne.\n')
    const again = await meeting(folder, '60', ['', ':capture library', 'Two.', '.', ':quit'])
    expect(again.out).toContain('Library · 6 minutes left.')
    expect(file(folder, 'equity-notes-table-1.md')).toContain('\nOne.\nTwo.\n')
  })

  test('what was captured for the wrong one is moved; what was there before stays', async () => {
    const folder = emptyFolder()
    const { out } = await meeting(folder, '60', [
      ...[
        '',
        ':next',
        ...capture('1', '', 'Ours.'),
        ...capture('1', '', 'Theirs.'),
        ':move 2',
        ':next',
        ':next',
      ],
      ...capture('1', '2', 'Surveys.'),
      ...[':move', '2', '1', ':move 2', '1', ':quit'],
    ])
    expect(out).toContain('Moved to Table 2.')
    expect(file(folder, 'equity-notes-table-1.md')).toContain('<!-- answer: warmup -->\nOurs.\n<!--')
    expect(file(folder, 'equity-notes-table-1.md')).toContain('<!-- answer: a.story.2 -->\n\n<!--')
    expect(file(folder, 'equity-notes-table-2.md')).toContain('<!-- answer: warmup -->\nTheirs.\n<!--')
    expect(file(folder, 'equity-notes-table-2.md')).toContain('<!-- answer: b.story.1 -->\nSurveys.\n<!--')
  })

  test('what has taken the place of an answer that begins alike is moved whole', async () => {
    const folder = emptyFolder()
    await meeting(folder, '60', [
      ...['', ':next', ...capture('1', '', 'No'), ':capture 1', ':replace', 'Notably better', '.'],
      ...[':move 2', ':quit'],
    ])
    expect(file(folder, 'equity-notes-table-1.md')).toContain('<!-- answer: warmup -->\nNo\n<!--')
    expect(file(folder, 'equity-notes-table-2.md')).toContain('<!-- answer: warmup -->\nNotably better\n<!--')
  })

  test('after a capture Enter leads to the next group, and each question counts only where it is asked', async () => {
    const folder = emptyFolder()
    const { out } = await meeting(folder, '60', [
      ...['', ':next', ...capture('2', '', 'Two.'), '', 'Three.', '.', ':keep Bus times', ':quit'],
    ])
    expect(out).toContain('Enter: Table 3 next.')
    expect(file(folder, 'equity-notes-table-3.md')).toContain('\nThree.\n')
    const room = file(folder, 'equity-notes-room.md')
    expect(room).toContain('group: "Room"\nasked: []\n')
    expect(room).toContain('- [00:00] Bus times')
    const { out: digest } = await plStories(['combine', folder], { folder })
    expect(digest).toContain('Bus times')
    expect(digest).not.toMatch(/(?:not|nobody|open)[^\n]*Room/i)
  })
})

describe('no word is lost', () => {
  test('a command of the room, given while something is captured, is asked about', async () => {
    const folder = emptyFolder()
    const { out, leading } = await meeting(folder, '60', [
      ...['', ':next', ':capture 1', 'We use', ':pause', '2', ':short', '1', '', ':quit'],
    ])
    expect(out).toContain('":pause" is a command of the room. Save this answer and run it?')
    expect(out).toContain('5 minutes to spare. Nothing needs to be cut.')
    expect(file(folder, 'equity-notes-table-1.md')).toContain('\nWe use\n:pause\n<!--')
    expect(leading.since).toBeUndefined()
  })

  test('such a command is in the answer where the input ends before that is said', async () => {
    const folder = emptyFolder()
    await meeting(folder, '60', ['', ':next', ':capture 1', 'We use', ':keep what Ana said'])
    expect(file(folder, 'equity-notes-table-1.md')).toContain('\nWe use\n:keep what Ana said\n<!--')
  })

  test('words said where that is asked belong to the answer, behind the command', async () => {
    const folder = emptyFolder()
    await meeting(folder, '60', [
      ...['', ':next', ':capture 1', 'We use', ':pause', 'Every word', 'of it.', '.', ':quit'],
    ])
    expect(file(folder, 'equity-notes-table-1.md')).toContain('\nWe use\n:pause\nEvery word\nof it.\n<!--')
  })

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
    expect(out).toContain('8 Take Action: What will you and your team do')
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

describe('the clock', () => {
  test('an end that is exactly the plan’s length away is far enough', async () => {
    const folder = emptyFolder()
    const late = { from: 1 / 3, until: '4:30pm' }
    expect((await meeting(folder, '60', [':quit'], late)).out).not.toContain('short')
  })

  test('says times as people here do', async () => {
    vi.stubEnv('LC_ALL', 'en_US.UTF-8')
    expect((await meeting(emptyFolder(), '60', [':quit'])).out).toContain('you end at 4:30 pm.')
    vi.stubEnv('LC_ALL', 'en_GB.UTF-8')
    expect((await meeting(emptyFolder(), '60', [':quit'])).out).toContain('you end at 16:30.')
  })

  test('asks once whether the room was working while the computer slept', async () => {
    const folder = emptyFolder()
    const time = new FakeClock()
    const room = await open(folder, '60', time)
    const lines: (() => string)[] = [
      () => '',
      () => {
        time.pass(1)
        time.sleep(31)
        return ':next'
      },
      () => '2',
      () => ':time',
      () => ':quit',
    ]
    const { out } = await inLines(room, () => lines.shift()?.())
    expect(out).toContain('asleep for 31 minutes. Was the room working?')
  })

  test('runs steadily, knows sleep from work, and takes no notice of the wall clock', () => {
    const at = { wall: 1_800_000_000_000, steady: 500, up: 90_000 }
    const clock = systemClock({ wall: () => at.wall, steady: () => at.steady, up: () => at.up })
    const work = (ms: number) => {
      at.steady += ms
      // Some systems count whole seconds.
      at.up += Math.round(ms / 1000) * 1000
    }
    for (let i = 0; i < 60; i++) {
      work(900)
      at.wall -= 3_600_000
      clock.now()
    }
    expect([clock.now(), clock.away()]).toEqual([1_800_000_054_000, 0])
    at.up += 1_800_000
    work(5000)
    expect([clock.now(), clock.away()]).toEqual([1_800_001_859_000, 1_805_000])
    work(5000)
    expect([clock.now(), clock.away()]).toEqual([1_800_001_864_000, 1_805_000])
  })
})

describe('the program', () => {
  test('says where its input ended: exit 1, and no session where nothing was begun', async () => {
    const folder = emptyFolder()
    const none = await plStories(['facilitate', 'equity-60'], { folder })
    expect(none.code).toBe(1)
    expect(none.err).toContain('The input ended before the clock was started. To resume')
    expect(readdirSync(folder)).toEqual([])
    const some = await plStories(['facilitate', '60'], { folder, input: '\n:next\n' })
    expect([some.code, some.err]).toEqual([1, expect.stringContaining('The input ended at step 2 of 8.')])
  })

  test('leads through the lines of a pipe, and says how to go on', async () => {
    const folder = emptyFolder()
    const { code, out } = await plStories(['facilitate', 'equity-45'], {
      folder,
      input: '\n:next\n:nxt\n:__proto__\n:constructor\n:quit\n',
    })
    expect(code).toBe(0)
    expect(out).toContain('Step 2 of 8: Warmup.')
    expect(out).toContain('There is no command ":nxt". Did you mean ":next"?')
    for (const word of [':__proto__', ':constructor'])
      expect(out).toContain(`There is no command "${word}". :help lists the commands.`)
    expect(out).toContain(
      `To resume: pl-stories facilitate equity-45 --notes ${join(folder, 'equity-notes.md')}`,
    )
    const page = await plStories(['facilitate', 'equity-45', '--room'], { folder, input: ':quit\n' })
    expect(page.out).toMatch(/To resume: .* --room$/m)
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
    await plStories(['answer', 'warmup', 'Mine'], { folder })
    for (const args of [
      ['facilitate', 'equity-notes.md'],
      ['handout', '--guide', 'equity-notes.md'],
    ])
      expect((await plStories(args, { folder })).err).toMatch(/^equity-notes\.md is a notes file, not a /)
  })
})

test('words that find no place are said back', async () => {
  const script = ['Said too early', '', ':groups', 'Said meanwhile', '1', '1', 'Renamed', ':quit']
  const { out } = await meeting(emptyFolder(), '45', script)
  expect(out).toContain('The clock has not started yet. Enter starts it.\nNot saved: Said too early\n')
  expect(out).toContain('Groups changed.\nNot saved: Said meanwhile\n')
})
