import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { draftsOf, emptyFolder, file, plStories } from '../../support/helpers.ts'
import { CTRL, drafted, ESC, openTerminal, press, type Screen, type } from '../../support/terminal.ts'

const PAGE_DOWN = `${ESC}[6~`
const PAGE_UP = `${ESC}[5~`

const kept = (folder: string) => JSON.parse(readFileSync(join(folder, '.45.session.json'), 'utf8')).leading

async function lead(folder: string, columns = 80, rows = 24): Promise<Screen> {
  const screen = openTerminal({ folder, args: ['facilitate', '45'], columns, rows })
  await screen.shows('PL Stories in 45 minutes')
  return screen
}

test('a facilitator leads through the plan: what to bring, the clock at Enter, the question and the time first', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  const ready = await screen.shows('Table 3: Element C')
  expect(ready).not.toContain('Materials:')
  expect(ready).toContain('- Share ideas, not who said them.')
  expect(ready).toContain('Zoom in so the back row can read it. Screen reader? Add --accessible.')
  expect(ready).toContain('Enter starts the clock')
  await press(screen, '\r')
  const welcome = await screen.shows('Step 1 of 8')
  expect(welcome).toContain('3 minutes left of 3 · On time · ends ')
  expect(welcome).toContain("- Stay engaged, even when it's hard.")
  expect(welcome).toContain('Next, 4 minutes: Warmup.')
  await press(screen, 'n')
  const warmup = await screen.shows('▌ What stands out to you about this standard and why?')
  expect(warmup.split('\n').length).toBeLessThanOrEqual(24)
  expect(warmup).not.toContain('Watch for talk about whether')
  await press(screen, 'f')
  expect(await screen.shows('Facilitator notes (visible')).toContain(
    'Watch for talk about whether the standard',
  )
  await press(screen, PAGE_DOWN)
  await screen.shows('Step 3 of 8')
  await press(screen, PAGE_UP)
  expect(await screen.shows('Step 2 of 8')).not.toContain('Facilitator notes (visible')
  await press(screen, 'm')
  expect(await screen.shows('Added 1 minute to this step.')).toContain('5 minutes left of 5')
  await press(screen, 'p')
  await screen.shows('Paused: P resumes')
  await press(screen, CTRL('c'))
  await screen.shows('Ctrl+C again leaves.')
  await press(screen, CTRL('c'))
  expect(await screen.ended).toBe(130)
  expect(kept(folder)).toMatchObject({ at: 1 })
  expect(await screen.history()).toContain('To resume: pl-stories facilitate 45 --notes')
})

test('of a step of two and a half minutes, no more is left than it has', async () => {
  const folder = emptyFolder()
  file(
    folder,
    'short.yaml',
    'title: Short\nminutes: 2.4\nsteps:\n  - {id: talk, minutes: 2.4, ask: warmup}\n',
  )
  const screen = openTerminal({ folder, args: ['facilitate', 'short.yaml'] })
  await screen.shows('2.4 minutes in 1 step.')
  await press(screen, '\r')
  expect(await screen.shows('Step 1 of 1')).toContain('3 minutes left of 3')
})

test('looking back at earlier actions, the screen says whose they are and what time is left', async () => {
  const folder = emptyFolder()
  const groups = 'groups: [{label: Table 1, element: a}]'
  const step = '{id: back, minutes: 9, ask: previous-actions}'
  file(folder, 'next.yaml', `title: Next\nminutes: 9\n${groups}\nsteps:\n  - ${step}\n`)
  const about = ['--notes', 'equity-notes-table-1.md']
  await plStories(['answer', 'action', '- [ ] Call (Ana)', ...about], { folder })
  await plStories(['start', '--new-round', '--no-input', ...about], { folder })
  const screen = openTerminal({ folder, args: ['facilitate', 'next.yaml'] })
  await screen.shows('Enter starts the clock')
  await press(screen, '\r')
  await screen.shows('Step 1 of 1')
  await press(screen, 'c')
  expect(await screen.shows('Still open from the round')).toContain('Table 1 · 9 minutes left')
})

test('after kill -9 in the middle the room is at the same step, the clock ran on, and no word is lost', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'n')
  await screen.shows('Step 2 of 8')
  await press(screen, 'c')
  await screen.shows('Which group?')
  await press(screen, '2')
  await screen.shows('Ctrl+S save and go on')
  await screen.send('Every line counts.')
  await press(screen, CTRL('s'))
  await screen.shows('Which group next?')
  await press(screen, ESC)
  await screen.shows('Step 2 of 8')
  expect(file(folder, 'equity-notes-table-2.md')).toContain('<!-- answer: warmup -->\nEvery line counts.\n')
  await press(screen, 'c')
  await screen.shows('Which group?')
  await press(screen, '1')
  await screen.shows('Ctrl+S save and go on')
  await screen.send('Half a sentence')
  await drafted(folder, 'Half a sentence')
  screen.kill('SIGKILL')
  await screen.ended
  const again = openTerminal({ folder, args: ['facilitate', '45'] })
  await again.shows('Not yet in the notes: what was being written for Table 1 at warmup (3 words).')
  await press(again, '\r')
  expect(await again.shows(/Step 2 of 8[\s\S]*N next/)).toContain('4 minutes left of 4')
  await press(again, 'c')
  await again.shows('Which group?')
  await press(again, '1')
  await again.shows('Half a sentence')
  await press(again, CTRL('s'))
  await again.shows('Table 1 ✓')
  expect(file(folder, 'equity-notes-table-1.md')).toContain('<!-- answer: warmup -->\nHalf a sentence\n')
})

test('at 48×14, a zoomed projector, the question and the time stay', async () => {
  const screen = await lead(emptyFolder(), 48, 14)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  for (const step of [2, 3, 4]) {
    await press(screen, 'n')
    await screen.shows(`Step ${step} of 8`)
  }
  const shown = await screen.shows('A1 · the story')
  expect(shown.replace(/\n▌ /g, ' ')).toContain(
    'How does the PL system use disaggregated summative and formative achievement and perception data',
  )
  expect(shown).toMatch(/6 minutes left of 6|█▀▀ {4}\n.*█▀█ min/)
  expect(shown.split('\n').length).toBeLessThanOrEqual(14)
  await press(screen, '\t')
  expect(await screen.shows('A2 · the story')).toContain('(2 of 9)')
  screen.resize(80, 24)
  await screen.shows('S short')
  screen.resize(30, 8)
  await screen.shows('N next')
})

test('jots on the screen: a stopwatch, a line each, kept at once; what stands in the line is not lost', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'j')
  await screen.shows('Enter saves · Tab')
  await screen.send('a2 they use survex')
  await press(screen, '\u007f')
  await screen.shows(/survey?$/m)
  await press(screen, 'y data')
  await screen.shows('› a2 they use survey data')
  await press(screen, '\r')
  await screen.shows('A2 they use survey data')
  await screen.send('a coach')
  await screen.shows('› a coach')
  await press(screen, ESC)
  await screen.shows('Step 1 of 8')
  expect(file(folder, 'equity-notes-table-1.md')).toMatch(
    /<!-- jots -->\n- \[00:0\d\] A2 they use survey data\n<!-- \/jots -->/,
  )
  // Without a label it stands once, in the room's own notes.
  expect(file(folder, 'equity-notes-room.md')).toMatch(
    /^---\n.*\n.*\ngroup: "Room"\nasked: \[\]\n[\s\S]*<!-- jots -->\n- \[00:0\d\] a coach\n<!-- \/jots -->/,
  )
  expect(readdirSync(folder)).not.toContain('equity-notes-table-2.md')
})

test('a paste is never a command: it begins what a group says', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'n')
  await screen.shows('Step 2 of 8')
  await screen.paste('nothing\nmoves on')
  await screen.shows('Which group?')
  await press(screen, '3')
  await screen.shows('moves on')
  await press(screen, CTRL('s'))
  await screen.shows('Which group next?')
  expect(file(folder, 'equity-notes-table-3.md')).toContain('\nnothing\nmoves on\n')
})

test('notes of a group that somebody has broken do not end the hour', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  const broken = '<!-- answer: oops\n'
  file(folder, 'equity-notes-table-2.md', `---\nguide: ca-qpls-equity\nformat: 1\n---\n${broken}`)
  await press(screen, 'd')
  await screen.shows(/looks like a mark\s+but\s+is not written like one/)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'j')
  await screen.shows('Enter saves · Tab')
  await screen.send('b1 They plan together.\r')
  await screen.shows('Not saved yet')
  await press(screen, ESC)
  expect(await screen.shows('could not be saved everywhere')).toContain('They plan together.')
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'n')
  await screen.shows('Step 2 of 8')
  await press(screen, 'c')
  await screen.shows('Which group?')
  await press(screen, '2')
  await screen.shows(/looks like a mark\s+but\s+is not written like one/)
  await press(screen, '\r')
  await screen.shows('Step 2 of 8')
})

test('a session file that cannot be written ends no hour either', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  rmSync(join(folder, '.45.session.json'))
  mkdirSync(join(folder, '.45.session.json'))
  await press(screen, 'n')
  await screen.shows('keeps the clock of this plan')
  await press(screen, '\r')
  await screen.shows('Step 2 of 8')
})

async function typeLine(screen: Screen, line: string): Promise<void> {
  await type(screen, line)
  await press(screen, '\r')
}

const ACCESSIBLE = ['facilitate', '45', '--accessible']

test('in lines, a paste of several lines and what is said at the menus is one thing that a group says', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ACCESSIBLE, rows: 60 })
  await screen.shows('Enter starts the clock')
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await typeLine(screen, ':next')
  await screen.shows('Step 2 of 8')
  await screen.paste('Alpha line pasted\n2\nGamma')
  await press(screen, '\r')
  await screen.shows('Which group?')
  await typeLine(screen, 'and one more')
  await screen.shows('Kept for now.')
  await typeLine(screen, ':keep two words')
  await screen.shows(/Kept for now\.[\s\S]*Kept for now\./)
  await screen.paste('.')
  await press(screen, '\r')
  await screen.shows(/(?:Kept for now\.[\s\S]*){3}/)
  await typeLine(screen, '1')
  await screen.shows('Table 1 · 4 minutes left.')
  await typeLine(screen, '.')
  await screen.shows('Back')
  expect(file(folder, 'equity-notes-table-1.md')).toContain(
    '\nAlpha line pasted\n2\nGamma\nand one more\n:keep two words\n',
  )
  expect(readdirSync(folder).filter(name => name.includes('said'))).toEqual([])
})

test.each(['SIGKILL', 'SIGHUP'])('a room note that is being typed survives %s', async signal => {
  for (const [args, ask] of [
    [['facilitate', '45'], 'k'],
    [ACCESSIBLE, ':keep\r'],
    [ACCESSIBLE, ':keep '],
  ] as const) {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: [...args], rows: 60 })
    await screen.shows('Enter starts the clock')
    await press(screen, '\r')
    await screen.shows('Step 1 of 8')
    await (ask === 'k' ? press(screen, ask) : type(screen, ask))
    await screen.shows(ask === ':keep ' ? ':keep' : 'Room note')
    await type(screen, 'parked')
    await drafted(folder, 'parked')
    screen.kill(signal)
    await screen.ended
    const again = openTerminal({ folder, args: [...args], columns: 200 })
    await again.shows('what was being written for Table 1 at warmup (1 word)')
  }
})

test('nothing is left of a line that somebody takes back', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'k')
  await screen.shows('Room note')
  await type(screen, 'parked')
  await drafted(folder, 'parked')
  await press(screen, ESC)
  await screen.shows('Step 1 of 8')
  expect(draftsOf(folder)).toEqual([])
})

test.each(['SIGKILL', 'SIGHUP'])('words for which no group was named yet survive %s', async signal => {
  for (const args of [['facilitate', '45'], ACCESSIBLE]) {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args, rows: 60 })
    await screen.shows('Enter starts the clock')
    await press(screen, '\r')
    await screen.shows('Step 1 of 8')
    await screen.paste('nobody knows\nwhose this is')
    if (args === ACCESSIBLE) await press(screen, '\r')
    await screen.shows('Which group?')
    await drafted(folder, 'nobody knows')
    screen.kill(signal)
    await screen.ended
    const again = openTerminal({ folder, args, columns: 200 })
    await again.shows('what was being written for Table 1 at warmup (5 words)')
  }
})

test('norms and groups can be looked at again, and the end of the meeting changed', async () => {
  const screen = await lead(emptyFolder())
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await press(screen, 'o')
  expect(await screen.shows('Norms:')).toContain('Step 1 of 8')
  await press(screen, 'o')
  await press(screen, ESC)
  const menu = await screen.shows('When you have to end')
  const choices = menu.slice(menu.indexOf('Time left')).split('\n')
  await press(screen, String(1 + choices.findIndex(row => row.includes('When you have'))))
  await screen.shows('When do you have to end?')
  const end = new Date(Date.now() + 3_600_000).toTimeString().slice(0, 5)
  await type(screen, end)
  await press(screen, '\r')
  await screen.shows(`You have to end at ${end}.`)
})

test('a second window is told that the room is led; it watches or takes over, and the first notices', async () => {
  const folder = emptyFolder()
  const first = await lead(folder)
  await press(first, '\r')
  await first.shows('Step 1 of 8')
  const alone = await plStories(['facilitate', '45'], { folder })
  expect([alone.code, alone.err]).toEqual([
    2,
    expect.stringContaining('Another window is leading this room.'),
  ])
  const second = openTerminal({ folder, args: ['facilitate', '45'] })
  await second.shows('Another window is leading this room.')
  await press(second, '1')
  await second.shows('Another window leads.')
  await press(first, 'n')
  await second.shows('Step 2 of 8')
  await press(second, 'n')
  await second.shows(/^Another window leads this room/m)
  await press(second, ESC)
  const menu = await second.shows('Take over from the other window')
  expect(menu).not.toContain('Next step')
  const choices = menu.slice(menu.indexOf('Time left')).split('\n')
  await press(second, String(1 + choices.findIndex(row => row.includes('Take over'))))
  await second.shows('N next')
  await first.shows('Another window leads.')
  await press(second, 'n')
  await first.shows('Step 3 of 8')
  await press(first, 'q')
  expect(await first.ended).toBe(0)
  expect(kept(folder)).toMatchObject({ at: 2, since: expect.any(Number) })
})

test('lines copied from a chat can be kept as room notes without the names of those who said them', async () => {
  const folder = emptyFolder()
  const screen = await lead(folder)
  await press(screen, '\r')
  await screen.shows('Step 1 of 8')
  await screen.paste(
    '10:02:33 From Kim Lee to Everyone:\n\tMore time for PL\n10:03 From Ana : Who decides?\n',
  )
  await screen.shows('This looks like a chat: 2 messages.')
  await press(screen, '1')
  await screen.shows('Kept as 2 room notes.')
  const notes = file(folder, 'equity-notes-room.md')
  expect(notes).toMatch(/- \[00:0\d\] More time for PL\n- \[00:0\d\] Who decides\?\n/)
  expect(notes).not.toMatch(/Kim|Ana/)
  await press(screen, 'n')
  await screen.shows('Step 2 of 8')
  await press(screen, 'y')
  expect(await screen.shows('Copied, if this terminal allows it.')).toContain('What stands out to you')
  const copied = /\u001b\]52;c;([^\u0007]+)\u0007/.exec(screen.raw())?.[1] ?? ''
  expect(Buffer.from(copied, 'base64').toString()).toBe('What stands out to you about this standard and why?')
})
