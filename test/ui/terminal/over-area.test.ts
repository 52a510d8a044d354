import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { draftsOf, emptyFolder, file, plStories } from '../../support/helpers.ts'
import { CTRL, drafted, ESC, openTerminal, press } from '../../support/terminal.ts'

/* What stands over the writing area: menus, jots, notes to read. */

const DOWN = `${ESC}[B`

async function atFirstStory() {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'x'], { folder })
  const screen = openTerminal({ folder })
  await screen.shows('(2 of 20)')
  return { folder, screen }
}

test('a menu fits a window that changes its size, with the pointer where it was', async () => {
  const { screen } = await atFirstStory()
  await screen.send(ESC)
  await screen.shows('Q  Leave')
  await screen.send(DOWN + DOWN)
  await screen.shows('› L  Come')
  screen.resize(40, 24)
  await screen.shows(
    /› L {2}Come back to this later\n[\s\S]* W {2}Watch the video: stopwatch, jots\n[\s\S]*Q {2}Leave/,
  )
  screen.resize(40, 10)
  await screen.shows(/^(?![\s\S]*Q {2}Leave)[\s\S]*› L [\s\S]*shows more/)
  screen.resize(120, 40)
  const wide = await screen.shows('Q  Leave')
  expect(wide.match(/Save and go on/g)).toHaveLength(1)
  await screen.send(ESC)
  await screen.shows('Ctrl+S save')
  expect(await screen.text()).not.toContain('Save and go on\n')
})

test('figures of a number may come as slowly as a hand likes', async () => {
  const { screen } = await atFirstStory()
  await screen.send(ESC)
  await screen.shows('G  List of questions')
  await screen.send('g')
  await screen.shows('Go to which question?')
  await screen.send('1')
  await screen.shows('›  1. ')
  await press(screen, '8')
  await screen.shows('(18 of 20)')
})

test('after a resize what the guide said stands above the question again', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder })
  await screen.shows('Esc menu')
  screen.resize(100, 30)
  const shown = await screen.shows(/Equity Professional Learning Stories: Discussion Guide[\s\S]*Esc menu/)
  expect(shown).toContain('Screen reader?')
  expect(shown).toContain('Before watching the Equity PL Stories')
})

test('jots are taken once, kept as a draft at once, and then no more offered', async () => {
  const { folder, screen } = await atFirstStory()
  await screen.send(`${ESC}`)
  await screen.shows('W  Watch the video')
  await screen.send('w')
  await screen.shows('Enter saves · Tab')
  await screen.send('data every month\r')
  await screen.shows(/\] data every month/)
  await screen.send(ESC)
  await screen.shows(/Your jots: \[00:0\d\] data every month/)
  await screen.send(ESC)
  await screen.shows('J  My jots')
  await screen.send('j')
  await screen.shows(/› +.*data every month/)
  await screen.send('1')
  await screen.shows(/│ - \[00:0\d\] data every month/)
  await vi.waitFor(() => {
    expect(draftsOf(folder)).toMatchObject([{ text: expect.stringMatching(/- \[00:0\d\] data every month/) }])
  }, 60_000)
  await screen.send(ESC)
  expect(await screen.shows('Leave; everything is saved')).not.toContain('My jots')
})

test('a line longer than the window follows its caret while watching', async () => {
  const { folder, screen } = await atFirstStory()
  await screen.send(ESC)
  await screen.shows('W  Watch the video')
  await screen.send('w')
  await screen.shows('Enter saves · Tab')
  await screen.send(`${'They shared a story and met a mentor. '.repeat(4)}End`)
  expect(await screen.shows('mentor. End')).not.toContain('› They shared')
  await screen.send(`${ESC}[H`)
  await screen.shows('› They shared')
  await screen.send('XX')
  await screen.shows('› XXThey shared')
  expect((await screen.cursor()).column).toBe('› XX'.length)
  await screen.send('\r')
  await screen.shows('] XXThey')
  await screen.send(ESC)
  await screen.shows('Your jots:')
  expect(file(folder, 'equity-notes.md')).toContain('XXThey shared a story')
})

/** The contrast of a color of xterm's palette with white and with black (WCAG 2). */
function contrasts(color: number): number[] {
  const steps = [0, 95, 135, 175, 215, 255]
  const of6 = color - 16
  const rgb =
    color >= 232
      ? [8 + (color - 232) * 10, 8 + (color - 232) * 10, 8 + (color - 232) * 10]
      : [Math.floor(of6 / 36), Math.floor(of6 / 6) % 6, of6 % 6].map(step => steps[step] ?? 0)
  const [r = 0, g = 0, b = 0] = rgb.map(value => ((value / 255 + 0.055) / 1.055) ** 2.4)
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return [1.05 / (light + 0.05), (light + 0.05) / 0.05]
}

test('every color can be read on white and on black', async () => {
  const { screen } = await atFirstStory()
  await screen.send(ESC)
  await screen.shows('N  Read my notes')
  const colors = [...screen.raw().matchAll(/\u001b\[38;5;(\d+)m/g)].map(([, color]) => Number(color))
  expect(new Set(colors).size).toBeGreaterThan(2)
  for (const color of colors) expect(Math.min(...contrasts(color)), `color ${color}`).toBeGreaterThan(3.5)
})

test('notes that are read from the menu hold what was just written', async () => {
  const { folder, screen } = await atFirstStory()
  await screen.send('They meet weekly.')
  await screen.shows('│ They meet weekly.')
  await screen.send(ESC)
  await screen.shows('N  Read my notes')
  await screen.send('n')
  await screen.shows('/ search')
  await screen.send('/')
  await screen.shows('Search for:')
  await screen.send('meet WEEKLY\r')
  expect(await screen.shows(/n next/)).toMatch(/student needs\?[\s\n]+They meet weekly\./)
  await screen.send(ESC)
  await screen.shows('│ They meet weekly.')
  expect(file(folder, 'equity-notes.md')).toContain('They meet weekly.')
})

test('the list of questions and help are one key away; a letter in the menu means the same everywhere', async () => {
  const { folder, screen } = await atFirstStory()
  await screen.send('half an answer')
  await screen.shows('│ half an answer')
  await screen.send(CTRL('g'))
  const list = await screen.shows('Go to which question?')
  expect(list).toMatch(
    / Warmup\n +1\. answered +x\n Element A: Academic Equity\n› +2\. open +the story 1: How does/,
  )
  expect(list).not.toContain('a.story')
  await screen.send('/')
  await screen.shows('Search for:')
  await screen.send('YOUR pl system 2')
  await screen.shows('›  6. open     your PL system 2')
  await screen.send(ESC)
  await screen.shows('/ search')
  await screen.send(`${ESC}[H`)
  await screen.shows('›  1. ')
  await screen.send('\r')
  await screen.shows('(1 of 20) · answered')
  expect(file(folder, 'equity-notes.md')).toContain('half an answer')
  await screen.send(`${ESC}OP`)
  await screen.shows('Ctrl+S     save and go on')
  await screen.send('q')
  await screen.shows('(1 of 20) · answered')
  await screen.send(ESC)
  const menu = await screen.shows('S  Skip this question')
  expect(menu).toMatch(/▌ What stands out[\s\S]*│ x\n[\s\S]*G {2}List/)
  expect(menu).not.toContain('Previous question')
  await screen.send('l')
  await screen.shows('Warmup · your answer stays')
  await screen.send(ESC)
  await screen.shows('B  Previous question')
  await screen.send('s')
  await screen.shows(/On to question 3|\(3 of 20\)/)
})

test('a question that is not the next in order says why it is asked, and another element shows its heading', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'b.story.1', 'x'], { folder })
  await plStories(['answer', 'a.story.2', 'x'], { folder })
  const screen = openTerminal({ folder, args: ['--only', 'a.story', '--only', 'b.story'] })
  await screen.shows('(9 of 20)')
  await screen.send(`${ESC}[Z`)
  await screen.shows('(8 of 20)')
  await screen.send(`${ESC}[Z`)
  await screen.shows(/\nElement A: Academic Equity\n[\s\S]*\(4 of 20\)/)
  await screen.send('y')
  await screen.shows('│ y')
  await screen.send(CTRL('s'))
  await screen.shows(/\nElement B: Systemic Equity\n[\s\S]*\(9 of 20\)[\s\S]*On to question 9, the next one/)
  for (const at of [9, 10]) {
    await screen.shows(`(${at} of 20)`)
    await screen.send(`y${at}`)
    await screen.shows(`│ y${at}`)
    await screen.send(CTRL('s'))
  }
  await screen.shows(/\(2 of 20\)[\s\S]*Back to question 2, the next one that is still open/)
})

test('words that were never saved are a place to go on, before any other', async () => {
  const folder = emptyFolder()
  const elsewhere = emptyFolder()
  const env = { XDG_STATE_HOME: join(folder, 'state') }
  const other = openTerminal({ folder: elsewhere, env })
  await other.shows('(1 of 20)')
  await other.send(`x${CTRL('s')}`)
  await other.shows('(2 of 20)')
  const screen = openTerminal({ folder, env })
  await screen.shows('Start new notes here')
  await screen.send('2')
  await screen.shows('(1 of 20)')
  await screen.send('Half a sentence')
  await drafted(env.XDG_STATE_HOME, 'Half a sentence')
  screen.kill('SIGKILL')
  await screen.ended
  const again = openTerminal({ folder, env })
  expect(await again.shows('│ Half a sentence')).toContain('Welcome back')
})

test('notes that are read on a terminal show every word, however it is narrow', async () => {
  const folder = emptyFolder()
  const text = `- [ ] Ask Ana
(next week) about the calendar and about everything else that will not fit
- one
  - two, which goes on for longer than the window is wide
    lazy three

1. first
lazy of first

> quoted by somebody who said more than one line can hold

| A head | Another head | A third one |
|---|---|---|
| many words in a cell of it | b | just as many words in this one |
`
  await plStories(['answer', 'action', text], { folder })
  const screen = openTerminal({ folder, args: ['read', 'action'], columns: 40, rows: 60 })
  expect(await screen.ended).toBe(0)
  const rows = (await screen.text()).split('\n')
  expect(screen.raw().replaceAll('\r\n', '')).not.toContain('\r')
  for (const word of text.match(/[A-Za-z]+/g) ?? []) expect(rows.join(' '), word).toContain(word)
  expect(rows.filter(row => /^\s*\S/.test(row)).join('\n')).toContain(
    '  * [ ] Ask Ana\n        (next week) about the calendar',
  )
})
