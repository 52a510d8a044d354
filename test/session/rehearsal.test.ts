import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { emptyFolder, file } from '../support/helpers.ts'
import { FakeClock, follow, onScreen, open, type RoomScreen } from '../support/room.ts'
import { CTRL, ESC } from '../support/terminal.ts'

/** Every field that only the facilitator may see holds SECRET. */
const PLAN = `title: Three tables
guide: ca-qpls-equity
minutes: 30
materials: [SECRET pens]
roles: ["Recorder: SECRET"]
norms: [Listen]
groups: [{label: Red, element: a}, {label: Green, element: b}, {label: Blue, element: c}]
steps:
  - {id: hello, title: Hello, minutes: 5, mode: read, say: "We have {minutes} minutes, {groups} tables.", notes: SECRET-1, probes: [SECRET-2], cut: 3}
  - {id: warm, title: Warmup, minutes: 5, ask: warmup, say: Mark one line., notes: SECRET-3, probes: [SECRET-4]}
  - {id: see, title: The story, minutes: 10, ask: story, say: Talk about the story., notes: SECRET-5}
  - {id: act, title: Act, minutes: 10, mode: write, ask: action, say: What will you do?, notes: SECRET-6, cut: 6}
`

/** Under load a state may take its time. */
const PATIENCE = { timeout: 10_000 }

async function rehearsal() {
  const folder = emptyFolder()
  vi.stubEnv('XDG_STATE_HOME', `${folder}.state`)
  vi.stubEnv('BROWSER', 'true')
  file(folder, 'three.yaml', PLAN)
  const time = new FakeClock()
  const room = await open(folder, join(folder, 'three.yaml'), time)
  const page = follow(await room.services.openPage())
  return { folder, time, page, screen: await onScreen(room) }
}

async function capture(screen: RoomScreen, words: string): Promise<void> {
  await screen.shows('Ctrl+S save')
  await screen.press(words)
  await screen.shows(words)
  await screen.press(CTRL('s'))
  await screen.shows('Which group next?')
}

test('a whole session with three tables: the room page shows each step as the terminal does, and nothing else', async () => {
  const { folder, time, page, screen } = await rehearsal()
  const step = async (title: string, left: string, state: object) => {
    const shown = await screen.shows(`${left} left of`)
    expect(shown).toContain(title)
    await vi.waitFor(() => expect(page.state).toMatchObject(state), PATIENCE)
    return shown
  }
  const ready = await screen.shows('Blue: Element C')
  expect(ready).toContain('- Listen')
  expect(ready).not.toContain('SECRET')
  await vi.waitFor(() => expect(page.state?.clock).toBe('waiting'), PATIENCE)
  expect(page.state).toMatchObject({ step: 'Three tables', norms: ['Listen'], say: [] })
  await screen.press('\r')
  // With the page open, the terminal is the facilitator's.
  expect(
    await step('Hello', '5 minutes', {
      step: 'Step 1 of 4: Hello',
      say: ['We have 30 minutes, 3 tables.'],
      groups: [
        'Red: Element A: Academic Equity',
        'Green: Element B: Systemic Equity',
        'Blue: Element C: Climate Equity',
      ],
      clock: 'running',
      left: 300_000,
    }),
  ).toContain('SECRET-1')
  time.pass(4.5)
  await step('Hello', '30 seconds', { left: 30_000 })
  time.pass(0.5)
  await screen.shows('Time is up')
  await screen.press('n')
  await step('Warmup', '5 minutes', { step: 'Step 2 of 4: Warmup', groups: [], norms: [], left: 300_000 })
  expect(page.state?.questions.map(({ groups, text }) => [groups, text])).toEqual([
    ['', 'What stands out to you about this standard and why?'],
  ])
  await screen.press('c')
  await screen.shows('Which group?')
  await screen.press('1')
  await capture(screen, 'SECRET answer of Red.')
  await screen.press('\r')
  expect(await screen.shows('Green · 5 minutes left')).toContain('What stands out to you')
  time.pass(4.2)
  await screen.shows('Green · 50 seconds left')
  time.pass(1)
  await screen.shows('Green · Time is up')
  await capture(screen, 'SECRET answer of Green.')
  // No stray letter moves a step here.
  await screen.press('n')
  await screen.press(ESC)
  expect(await screen.shows('Captured in this step: Red ✓ · Green ✓ · Blue')).toContain('Step 2 of 4')
  await screen.press('k')
  await screen.shows('Room note')
  await screen.press('SECRET: park the bus times')
  await screen.shows('bus times')
  await screen.press('\r')
  await screen.shows('Kept as a room note.')
  await screen.press('b')
  await vi.waitFor(() => expect(page.state?.blank).toBe(true), PATIENCE)
  await screen.press('.')
  await vi.waitFor(() => expect(page.state?.blank).toBe(false), PATIENCE)
  await screen.press('p')
  await screen.shows('Paused')
  await vi.waitFor(() => expect(page.state?.clock).toBe('paused'), PATIENCE)
  await screen.press('p')
  await screen.press('n')
  await step('The story', '10 minutes', { step: 'Step 3 of 4: The story' })
  expect(page.state?.questions).toHaveLength(9)
  expect(page.state?.questions[3]).toMatchObject({ groups: 'Green' })
  time.sleep(31)
  expect(await screen.shows('asleep for 31 minutes. Was the room working?')).toContain(
    '2. No, it was a break',
  )
  await screen.press('2')
  await step('The story', '10 minutes', { left: 600_000 })
  await screen.press('n')
  await step('Act', '10 minutes', { step: 'Step 4 of 4: Act' })
  await screen.press('c')
  await screen.shows('Which group?')
  await screen.press('3')
  await capture(screen, '- [ ] SECRET greet at the door (all, Monday)')
  await screen.press(ESC)
  await screen.shows('Step 4 of 4')
  await screen.press('n')
  const close = await screen.shows('That was the last step.')
  expect(close).toContain('Red: 1 answered, 4 words, in')
  expect(close).toContain('- SECRET greet at the door (all, Monday), Blue')
  await vi.waitFor(() => expect(page.state?.clock).toBe('closed'), PATIENCE)
  await screen.press('d')
  expect(await screen.shows('The brief summary:')).toContain('The digest:')
  await screen.press('\r')
  await screen.press('q')
  await screen.ended
  expect(page.bytes).not.toContain('SECRET')
  expect(file(folder, 'equity-notes-red.md')).toContain('SECRET answer of Red.')
  expect(file(folder, 'equity-notes-room.md')).toMatch(/- \[10:12\] SECRET: park the bus times/)
  expect(readdirSync(folder)).toContain('equity-three-digest.docx')
}, 60_000)

test('with several pages the presenter’s keys turn them before they move', async () => {
  const { screen } = await rehearsal()
  await screen.press('\r')
  await screen.shows('Step 1 of 4')
  await screen.press('n')
  await screen.shows('Step 2 of 4')
  await screen.press('n')
  await screen.shows(/Step 3 of 4[\s\S]*PgDn: more \(1 of 3\)/)
  await screen.press(`${ESC}[6~`)
  await screen.shows(/Step 3 of 4[\s\S]*PgDn: more \(2 of 3\)/)
  await screen.press(`${ESC}[6~`)
  await screen.shows(/Step 3 of 4[\s\S]*PgDn: more \(3 of 3\)/)
  await screen.press(`${ESC}[6~`)
  await screen.shows('Step 4 of 4')
  await screen.press(`${ESC}[5~`)
  await screen.shows('Step 3 of 4')
  await screen.press('q')
  await screen.shows('Leave the room?')
})
