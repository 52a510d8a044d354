import { expect, test } from 'vitest'
import { FOREIGN_GUIDE } from '../commands/own-guides.ts'
import { emptyFolder, file, plStories } from '../support/helpers.ts'
import { CTRL, drafted, ESC, enter, openTerminal, type } from '../support/terminal.ts'

const watch = (...lines: string[]) => `${lines.join('\n')}\n`

test('watching: each line is kept at once, sorted by its label, and shown at its question', async () => {
  const folder = emptyFolder()
  const input = watch(
    ':go a.story.1',
    ':watch',
    'a2 uses survey data',
    'a coach visits',
    '.',
    ':later',
    ':jots',
    ':quit',
  )
  const { out } = await plStories(['start'], { folder, input })
  expect(out).toContain('Watching the video now? :watch starts a stopwatch')
  expect(out).toContain('The stopwatch starts at 0:00.')
  expect(out).toContain('Saved at 0:00 for A2.')
  expect(out).toContain('2 jots saved.')
  expect(out).toContain('1 jot without a label.')
  expect(out).toContain('Your jot: [00:00] A2 uses survey data')
  expect(out).toContain('1 [00:00] A2 uses survey data\n2 [00:00] a coach visits')
  expect(file(folder, 'equity-notes.md')).toContain(
    '<!-- jots -->\n- [00:00] A2 uses survey data\n- [00:00] a coach visits\n<!-- /jots -->',
  )
})

test('the label that is shown as an example is one of this guide', async () => {
  const folder = emptyFolder()
  file(folder, 'design.yaml', FOREIGN_GUIDE)
  const input = watch(':watch', ':help', '.', ':quit')
  const { out } = await plStories(['start', '--guide', 'design.yaml'], { folder, input })
  expect(out).toMatch(/Start it with a label, such as (e\d+), to file it under [^,]+, question \d\. /)
  expect(out).toMatch(/^e\d+ and some words +files the jot under [^,]+, question \d, about the story$/m)
  expect(out).not.toContain('a2')
})

test('jots are taken into the answer, and not offered for it again', async () => {
  const folder = emptyFolder()
  await plStories(['start'], { folder, input: watch(':go a.story.1', ':watch', 'a1 charts', 'also this') })
  const { out } = await plStories(['start'], {
    folder,
    input: watch(':go a.story.1', 'They do.', ':jots 1', ':jots all', '.', ':back', ':jots', ':quit'),
  })
  expect(out).toContain('Added to your answer: 1 jot.')
  expect(out).toContain('There are no jots for this question.')
  expect(file(folder, 'equity-notes.md')).toContain(
    '<!-- answer: a.story.1 -->\nThey do.\n- [00:00] A1 charts\n- [00:00] also this\n<!-- /answer -->',
  )
})

test('the stopwatch can be set to the video, stands still, and goes on where it stood', async () => {
  const folder = emptyFolder()
  const input = watch(
    ':go a.story.1',
    ':watch',
    ':set 4:20',
    'here',
    ':pause',
    ':time',
    ':set late',
    '::colon',
    '.',
    ':watch',
    '.',
    ':quit',
  )
  const { out } = await plStories(['start'], { folder, input })
  expect(out).toContain('The stopwatch is set to 4:20.')
  expect(out).toContain(
    'The stopwatch is paused at 4:20.\nThe stopwatch is paused at 4:20.\nType minutes and seconds',
  )
  expect(out).toContain('The stopwatch starts at 4:20.')
  expect(file(folder, 'equity-notes.md')).toContain('- [04:20] here\n- [04:20] :colon\n')
})

test.each([[[]], [['--accessible']]])('a jot in mid-line survives kill -9 %j', async args => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--only', 'story', ...args], rows: 40 })
  if (args.length > 0) {
    await screen.shows('lists the commands.')
    await enter(screen, ':watch')
    await screen.shows('The stopwatch starts')
  } else {
    await screen.shows('Esc menu')
    await screen.send(ESC)
    await screen.shows('W  Watch the video')
    await screen.send('w')
    await screen.shows('Enter saves · Tab')
  }
  await type(screen, 'half a jot')
  await drafted(folder, 'half a jot')
  screen.kill('SIGKILL')
  await screen.ended
  const again = openTerminal({ folder, args: ['--only', 'story', ...args], rows: 40 })
  await again.shows('half a jot')
})

test('a jot in mid-line at a signal is saved as a jot, and is no answer at the next start', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--only', 'story'] })
  await screen.shows('Esc menu')
  await screen.send(ESC)
  await screen.shows('W  Watch the video')
  await screen.send('w')
  await screen.shows('Enter saves · Tab')
  await type(screen, 'half a jot')
  await drafted(folder, 'half a jot')
  screen.kill('SIGTERM')
  await screen.ended
  expect(file(folder, 'equity-notes.md')).toContain('- [00:00] half a jot\n')
  const again = openTerminal({ folder, args: ['--only', 'story'] })
  await again.shows('Your jots: [00:00] half a jot')
  expect(await again.shows('Ctrl+S')).not.toContain('│ half a jot')
})

test('what stood in the answer when watching began is saved', async () => {
  const folder = emptyFolder()
  await plStories(['start'], {
    folder,
    input: watch(':go a.story.1', 'Half a', ':watch', 'b1 x', '.', ':quit'),
  })
  expect(file(folder, 'equity-notes.md')).toContain('<!-- answer: a.story.1 -->\nHalf a\n<!-- /answer -->')
})

test('on the screen: watch from the menu, see the jots at their question, take them into the answer', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['start', '--only', 'a.story'] })
  expect(await screen.shows('A: Academic Equity › the story')).toContain('Watching the video now?')
  await screen.send('Half')
  await screen.shows('Half')
  await screen.send(ESC)
  await screen.shows('W  Watch the video')
  await screen.send('w')
  await screen.shows('Enter saves · Tab')
  expect(await screen.shows('A3 What PL')).toContain('A1 How does the PL system use')
  await screen.send('a1 charts by group')
  await screen.shows('› a1 charts by group')
  await screen.send('\r')
  await screen.shows('A1 charts by group')
  await screen.send(ESC)
  expect(await screen.shows(/Your jots: \[00:0\d\] A1 charts by group/)).toContain('Half')
  await screen.send(ESC)
  await screen.shows('J  My jots')
  await screen.send('j')
  await screen.shows('Add which jots')
  await screen.send('1')
  await screen.shows(/- \[00:0\d\] A1 charts by group/)
  await screen.send(CTRL('s'))
  await screen.shows('question 2 of 3')
  expect(file(folder, 'equity-notes.md')).toMatch(/-->\nHalf\n- \[00:0\d\] A1 charts by group\n<!-- \/answer/)
})
