import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { SOUND } from '../../commands/breaks.ts'
import { answersIn, draftsOf, emptyFolder, file, plStories } from '../../support/helpers.ts'
import { CTRL, drafted, ESC, openTerminal, press, type Screen } from '../../support/terminal.ts'

const SAVE = CTRL('s')
const NOTES = 'equity-notes.md'

/** Writes an answer at the question whose place is shown, and waits for the next one. */
async function answer(screen: Screen, place: string, text: string): Promise<void> {
  await screen.shows(place)
  await screen.send(text)
  await screen.shows(text.split('\n').at(-1) ?? '')
  await screen.send(SAVE)
}

test('the first screen at 80×24 says what it is, where the words go, how to stop, and asks', async () => {
  const folder = emptyFolder()
  const deep = join(folder, 'Documents', 'Our-District', 'Professional-Learning', 'Equity-2026')
  mkdirSync(deep, { recursive: true })
  const far = await openTerminal({ folder: deep }).shows('Esc menu')
  expect(far.split('\n')[0]).toBe('Equity Professional Learning Stories: Discussion Guide')
  const screen = openTerminal({ folder })
  const shown = await screen.shows('Esc menu')
  const rows = shown.split('\n')
  expect(rows[0]).toBe('Equity Professional Learning Stories: Discussion Guide')
  expect(shown).toContain('The following discussion questions are meant to support individuals')
  expect(shown).toContain('20 questions, one at a time. Start it again to pick up where you left off.')
  expect(shown).toMatch(/equity-notes\.md\. Stop\s+any\s+time: Esc\./)
  expect(shown).toContain('Screen reader? pl-stories --accessible')
  expect(shown).toContain('Warmup (1 of 20)')
  expect(shown).toContain('▌ What stands out to you about this standard and why?')
  expect(rows.filter(row => row.startsWith('│')).length).toBe(4)
  expect(shown).toContain('Ctrl+S save and go on · Esc menu (back, skip, …) · Enter new line')
  expect(rows.length).toBeLessThanOrEqual(24)
})

test('a long title breaks at words, and that of an element is shown though the guide says no more of it', async () => {
  const folder = emptyFolder()
  const words = 'A long title that says everything there is to say of it, and then it says some more'
  file(folder, 'own.yaml', SOUND.replace('Element A', words).replace('Design and Structure', words))
  const screen = openTerminal({ folder, args: ['--guide', 'own.yaml', '--only', 'story'] })
  await screen.shows('Esc menu')
  const rows = (await screen.history()).split('\n')
  const breaks = rows.flatMap((row, i) => (row.startsWith('A long title') ? `${row}/${rows[i + 1]}` : []))
  const broken = /^A long title .* says some\/more$/
  expect(breaks).toEqual([expect.stringMatching(broken), expect.stringMatching(broken)])
})

test('a person writes, goes on, leaves by Ctrl+C twice and comes back to the same place', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await screen.shows('(1 of 20)')
  await screen.send('The first')
  await screen.shows('│ The first')
  await screen.send('\r')
  await answer(screen, '(1 of 20)', 'of two lines')
  await screen.shows('(2 of 20)')
  await screen.send('Second')
  await screen.shows('│ Second')
  await screen.send(SAVE)
  await screen.shows('(3 of 20)')
  await screen.send(CTRL('c'))
  await screen.shows('Everything is saved. Ctrl+C again leaves.')
  await screen.send(CTRL('c'))
  expect(await screen.ended).toBe(130)
  expect(await screen.text()).toContain(`To go on: pl-stories --notes ${join(folder, NOTES)}`)
  expect(await answersIn(folder)).toEqual({ warmup: 'The first\nof two lines', 'a.story.1': 'Second' })

  const again = openTerminal({ folder })
  const shown = await again.shows('(3 of 20)')
  expect(shown).toContain('Welcome back: 2 of 20 answered, 18 open. Picking up at question 3.')
})

test('leaving in the middle of an answer keeps it, and the next start stands there with the caret where it was', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await screen.shows('(1 of 20)')
  await screen.send(`half a thought${ESC}[H`)
  await screen.shows('half a thought')
  await screen.send(CTRL('c'))
  await screen.shows('Ctrl+C again')
  await screen.send(CTRL('c'))
  expect(await screen.ended).toBe(130)
  const again = openTerminal({ folder })
  await again.shows('│ half a thought')
  await again.send('More than ')
  await again.shows('│ More than half a thought')
})

test('the Esc menu goes back, skips, puts off, goes to a question and leaves; answers stay as they are', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await answer(screen, '(1 of 20)', 'one')
  await screen.shows('(2 of 20)')
  await screen.send('two')
  await screen.shows('│ two')
  await screen.send(`${ESC}[Z`)
  await screen.shows('│ one')
  await screen.send(SAVE)
  await screen.shows('(3 of 20)')
  await screen.send(ESC)
  await screen.shows('Save and go on')
  await screen.send('s')
  await screen.shows('· skipped')
  await screen.send(ESC)
  await screen.shows('G  List of questions')
  await screen.send('g')
  await screen.shows('›  4. open')
  await screen.send('12')
  await screen.shows('(12 of 20)')
  await screen.send(ESC)
  await screen.shows('Leave; everything is saved')
  await screen.send('q')
  expect(await screen.ended).toBe(0)
  expect(await answersIn(folder)).toEqual({ warmup: 'one', 'a.story.1': 'two' })
  expect(file(folder, NOTES)).toContain('<!-- answer: a.story.2 (skipped) -->')
})

test('saving with nothing written asks: later, skip or keep writing', async () => {
  const screen = openTerminal({ folder: emptyFolder() })
  await screen.shows('(1 of 20)')
  await screen.send(SAVE)
  await screen.shows("You haven't written anything yet. What next?")
  await screen.send('3')
  await screen.shows('Ctrl+S save')
  await screen.send(SAVE)
  await screen.shows('L  Come back')
  await screen.send('L')
  await screen.shows('(2 of 20)')
})

test('an emptied answer is only erased when the person says so', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'Precious words'], { folder })
  const screen = openTerminal({ folder })
  const emptyIt = async () => {
    await screen.shows('(2 of 20)')
    await screen.send(`${ESC}[Z`)
    await screen.shows('│ Precious words')
    await screen.send(CTRL('u'))
    await screen.shows('0 words')
    await screen.send(SAVE)
    await screen.shows('Keep or erase the answer')
  }
  await emptyIt()
  await screen.send('2')
  await emptyIt()
  expect(await answersIn(folder)).toEqual({ warmup: 'Precious words' })
  await screen.send('1')
  await screen.shows('· erased')
  expect(await answersIn(folder)).toEqual({})
})

test('a comparison shows the own answer about the story; Take Action shows all notes before it asks', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'a.story.1', 'They look at data every month.'], { folder })
  const screen = openTerminal({ folder, args: ['start', '--only', 'a.comparison.1', '--only', 'action'] })
  const shown = await screen.shows(/\(5 of 20\)[\s\S]*Esc menu/)
  expect(shown).toContain('You wrote about the story: They look at data every month.')
  await screen.send('We do not')
  await screen.shows('│ We do not')
  await screen.send(SAVE)
  const review = await screen.shows('Esc to the question')
  expect(review).toContain('Element A: Academic Equity')
  expect(review).toContain('They look at data every month.')
  await screen.send(ESC)
  await screen.shows('Take Action (20 of 20)')
})

test.each(['SIGTERM', 'SIGHUP'] as const)(
  '%s keeps the text, restores the terminal and ends with 128 + n',
  async signal => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder })
    await screen.shows('(1 of 20)')
    await screen.send('kept, whatever happens')
    await screen.shows('kept, whatever happens')
    screen.kill(signal)
    expect(await screen.ended).toBe(signal === 'SIGTERM' ? 143 : 129)
    expect(await answersIn(folder)).toEqual({ warmup: 'kept, whatever happens' })
    expect(screen.raw().lastIndexOf(`${ESC}[?2004l`)).toBeGreaterThan(
      screen.raw().lastIndexOf(`${ESC}[?2004h`),
    )
    expect((await screen.cursor()).visible).toBe(true)
  },
)

test('kill -9 while typing costs at most two seconds of it', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await screen.shows('(1 of 20)')
  await screen.send('typed two seconds before the power cut')
  await drafted(folder, 'before the power cut')
  screen.kill('SIGKILL')
  await screen.ended
  expect(existsSync(join(folder, NOTES))).toBe(false)
  const again = openTerminal({ folder })
  await again.shows('│ typed two seconds before the power cut')
  await again.send(SAVE)
  await again.shows('(2 of 20)')
  expect(await answersIn(folder)).toEqual({ warmup: 'typed two seconds before the power cut' })
  expect(draftsOf(folder)).toEqual([])
})

test('in a folder without notes, a person who has worked elsewhere may go on there or start anew', async () => {
  const folder = emptyFolder()
  const home = join(folder, 'home')
  const elsewhere = join(folder, 'elsewhere')
  mkdirSync(home)
  mkdirSync(elsewhere)
  const env = { XDG_STATE_HOME: join(folder, 'state') }
  const first = openTerminal({ folder: home, env })
  await answer(first, '(1 of 20)', 'at home')
  await first.shows('(2 of 20)')
  first.kill('SIGTERM')
  await first.ended
  expect(readFileSync(join(folder, 'state', 'pl-stories', 'last-notes'), 'utf8')).toBe(
    `${join(home, NOTES)}\n`,
  )

  const again = openTerminal({ folder: elsewhere, env })
  expect((await again.shows('Start new notes here')).replace(/\s+/g, ' ')).toMatch(
    /No notes in .*elsewhere\. You last worked on .*home\/equity-notes\.md \(1 of 20, \w+ \d+\)\./,
  )
  await again.send('1')
  await again.shows('Welcome back: 1 of 20 answered')
  again.kill('SIGTERM')
  await again.ended

  const lines = openTerminal({ folder: elsewhere, env, args: ['--accessible'] })
  await lines.shows('1 go on there · 2 start new notes here')
  await lines.send('2')
  await lines.shows(/here\n2/)
  await lines.send('\r')
  await lines.shows('Question 1 of 20')
})

test('two people at one question: the second is told beside the next one that both versions are kept', async () => {
  const folder = emptyFolder()
  const [one, other] = [openTerminal({ folder }), openTerminal({ folder })]
  for (const [screen, words] of [
    [one, 'what one says'],
    [other, 'what the other says'],
  ] as const) {
    await screen.shows('Esc menu')
    await screen.send(words)
    await screen.shows(words)
  }
  for (const screen of [one, other]) {
    await screen.send(SAVE)
    await screen.shows('(2 of 20)')
  }
  expect(await one.text()).not.toContain('both versions are kept')
  await other.shows(/Changed elsewhere, so both versions are kept\..* 1 of 20 answered/)
  expect(await answersIn(folder)).toEqual({ warmup: 'what one says\n\n---\n\nwhat the other says' })
})

test('an editor that saves its old text over an answer is told of, and the words are put back', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await answer(screen, '(1 of 20)', 'first')
  await screen.shows('(2 of 20)')
  const stale = file(folder, NOTES)
  await answer(screen, '(2 of 20)', 'second')
  await screen.shows('(3 of 20)')
  file(folder, NOTES, stale)
  await answer(screen, '(3 of 20)', 'third')
  await screen.shows('Put your words back')
  expect((await screen.text()).replace(/\s+/g, ' ')).toContain(
    'Another program has saved its older text over what you saved here: Element A · the story · 1 of 3.',
  )
  await screen.send('1')
  await screen.shows('(4 of 20)')
  expect(await answersIn(folder)).toEqual({ warmup: 'first', 'a.story.1': 'second', 'a.story.2': 'third' })
})

test.each(['SIGKILL', 'SIGHUP'])(
  'words over which an editor has saved its old text survive %s',
  async signal => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder })
    await answer(screen, '(1 of 20)', 'first')
    await screen.shows('(2 of 20)')
    const stale = file(folder, NOTES)
    await answer(screen, '(2 of 20)', 'second')
    await screen.shows('(3 of 20)')
    file(folder, NOTES, stale)
    // It is asked about before one leaves, too.
    await press(screen, ESC)
    await screen.shows('Q  Leave')
    await press(screen, 'q')
    await screen.shows('Put your words back')
    screen.kill(signal)
    await screen.ended
    expect(await answersIn(folder)).toEqual({ warmup: 'first' })
    await openTerminal({ folder }).shows('│ second')
  },
)
