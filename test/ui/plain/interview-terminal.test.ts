import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { sessionName } from '../../../src/storage/lock.ts'
import { answersIn, BIN, draftsOf, emptyFolder, file, plStories } from '../../support/helpers.ts'
import {
  CTRL,
  drafted,
  ESC,
  enter,
  openTerminal,
  pause,
  press,
  type Screen,
  type,
} from '../../support/terminal.ts'

const NOTES = 'equity-notes.md'
/** As a session of this machine that has ended. */
const DEAD = sessionName().replace(/\d+$/, '999999')
const DUMB = { TERM: 'dumb' }
/** Before anything that is due in the meantime. */
const SOON = { timeout: 60_000, interval: 1 }
const LEFT = `${ESC}[D`
const END = `${ESC}[F`
const BACKSPACE = '\u007f'

/** What is sent before a key has been answered was typed ahead, not pasted. */
async function listening(screen: Screen): Promise<void> {
  await screen.shows('Question 1 of 20')
  await type(screen, `x${BACKSPACE}`)
}

/** Enter, a moment after a paste. */
async function endPaste(screen: Screen): Promise<void> {
  const before = screen.raw().length
  await press(screen, '\r')
  await screen.answers(before, written => written.includes('\r\n'))
}

test('on a dumb terminal a person answers, goes back and leaves, and no escape code is written', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB })
  await screen.shows('Question 1 of 20')
  await enter(screen, 'a word too mcuh\u007f\u007f\u007fuch')
  await enter(screen, '.')
  await screen.shows('Question 2 of 20')
  await enter(screen, ':back')
  await screen.shows('Your answer, 4 words, begins: a word too much')
  await enter(screen, ':quit')
  expect(await screen.ended).toBe(0)
  expect(screen.raw()).not.toContain('\u001b')
  expect(await answersIn(folder)).toEqual({ warmup: 'a word too much' })
})

test.each([
  ['--accessible', { args: ['--accessible'] }],
  ['ACCESSIBLE=1', { env: { ACCESSIBLE: '1' } }],
])('with %s a long line is not drawn again while it is typed', async (_, how) => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, columns: 40, ...how })
  await screen.shows('lists the commands.')
  const before = screen.raw().length
  const line = 'a line that is far longer than the window is wide, so that it breaks twice'
  await type(screen, line)
  await screen.shows('breaks twice')
  expect(screen.raw().slice(before)).toBe(line)
  await enter(screen, '')
  await enter(screen, '.')
  await screen.shows('Question 2 of 20')
  expect(await answersIn(folder)).toEqual({ warmup: line })
})

describe('a paste is text, whatever its lines say', () => {
  test.each([
    ['dumb', DUMB],
    ['xterm-256color', { ACCESSIBLE: '1' }],
  ])('on %s', async (_, env) => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, env })
    await listening(screen)
    // So long that nobody could have typed it while a busy machine held the program up.
    const last = `${'words '.repeat(50)}last`
    await screen.send(`first\r.\r:quit\r..\r\ttab\r${last}`)
    await screen.shows('last')
    await endPaste(screen)
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(await answersIn(folder)).toEqual({ warmup: `first\n.\n:quit\n..\n\ttab\n${last}` })
  })

  test('of 100 KB, and of one line of 20,000 characters', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'] })
    await listening(screen)
    const lines = Array.from({ length: 2000 }, (_, i) => `line ${i} ${'x'.repeat(40)}`)
    await screen.send(lines.join('\r'))
    await screen.shows('line 1999')
    await endPaste(screen)
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    await screen.send(`${'long '.repeat(4000)}end`)
    await screen.shows('end')
    await endPaste(screen)
    await enter(screen, '.')
    await screen.shows('Question 3 of 20')
    expect(await answersIn(folder)).toEqual({
      warmup: lines.join('\n'),
      'a.story.1': `${'long '.repeat(4000)}end`,
    })
  })
})

describe('what arrives in one piece', () => {
  test.each([
    ['dumb', DUMB],
    ['xterm-256color', { ACCESSIBLE: '1' }],
  ])('on %s is put in at the caret', async (_, env) => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, env })
    await screen.shows('Question 1 of 20')
    await type(screen, 'They look at data monthly')
    for (let i = 0; i < 7; i++) await type(screen, LEFT)
    await screen.send('attendance ')
    await screen.shows('They look at data attendance monthly')
    await enter(screen, '')
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(await answersIn(folder)).toEqual({ warmup: 'They look at data attendance monthly' })
  })

  test('is text where it came between the marks of a paste, and what looks like a command is told of', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'], columns: 300 })
    await screen.shows('Question 1 of 20')
    await screen.paste(':quit')
    await screen.shows(/^:quit$/m)
    await enter(screen, '')
    await screen.shows('(":quit" was pasted, so it was added as text.')
    await screen.paste('more\n:later\nand more\n')
    await screen.shows('and more')
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(await answersIn(folder)).toEqual({ warmup: ':quit\nmore\n:later\nand more' })
  })

  test('is a command where only a part of it was pasted', async () => {
    const screen = openTerminal({ folder: emptyFolder(), args: ['--accessible'] })
    await screen.shows('Question 1 of 20')
    await type(screen, ':go ')
    await screen.send('b.story.2')
    await enter(screen, '')
    await screen.shows('Question 9 of 20')
  })
})

describe('a line that arrives whole', () => {
  test('is obeyed on a dumb terminal where it is a command', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, env: DUMB })
    await listening(screen)
    await screen.send('Dictated words.\r')
    await drafted(folder, 'Dictated words.')
    await screen.send('.\r')
    await screen.shows('Question 2 of 20')
    await screen.send(':quit\r')
    expect(await screen.ended).toBe(0)
    expect(await answersIn(folder)).toEqual({ warmup: 'Dictated words.' })
  })

  // So long that nobody could have typed it while a busy machine held the program up.
  const LONG = 'every table at once '.repeat(20).trim()

  test('is asked about once where pastes have marks, and from then on obeyed', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'], columns: 900 })
    await listening(screen)
    await screen.send(`:find ${LONG}\r`)
    await screen.shows(`Run :find ${LONG}? y, or :find ${LONG} again.`)
    await screen.send('This was text.\r')
    await drafted(folder, 'This was text.')
    await screen.send(`:find ${LONG}\r`)
    await screen.shows(/Run :find [\s\S]*Run :find /)
    await screen.send(`:find ${LONG}\r`)
    await screen.shows('No answer contains')
    await screen.send('.\r')
    await screen.shows('Question 2 of 20')
    expect(await answersIn(folder)).toEqual({ warmup: `:find ${LONG}\nThis was text.` })
  })

  test('is no words of a group in a led room, before the clock starts and after', async () => {
    const folder = emptyFolder()
    const args = ['facilitate', '45', '--accessible']
    const screen = openTerminal({ folder, args, columns: 900 })
    await screen.shows('Enter starts the clock')
    await enter(screen, ':time')
    await screen.shows('has not started yet')
    await screen.send(`:keep ${LONG}\r`)
    await screen.shows(`Run :keep ${LONG}? y`)
    await screen.send('y\r')
    await screen.shows(/not started yet[\s\S]*not started yet/)
    await screen.send('\r')
    await screen.shows('Step 1 of 8')
    await screen.send(`:keep ${LONG}\r`)
    await screen.shows('Kept as a room note.')
    expect(await screen.history()).not.toContain('Which group?')
  })

  test('with Backspace in it is typing', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'] })
    await listening(screen)
    await screen.send(`next${BACKSPACE.repeat(2)}\r.\r:quit\r`)
    expect(await screen.ended).toBe(0)
    expect(await answersIn(folder)).toEqual({ warmup: 'ne' })
  })
})

describe.skipIf(process.platform === 'win32')('what is typed ahead', () => {
  test('before the first question is there is obeyed', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'] })
    await screen.send('early\n.\n:quit\n')
    expect(await screen.ended).toBe(0)
    expect(await answersIn(folder)).toEqual({ warmup: 'early' })
  })

  test('while the program was held up is obeyed, though it arrives in one piece', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'] })
    await screen.shows('Question 1 of 20')
    await type(screen, 'words')
    screen.kill('SIGSTOP')
    for (const key of '\r.\r:later\r') {
      await screen.send(key)
      await pause(40)
    }
    screen.kill('SIGCONT')
    await screen.shows('Question 3 of 20')
    await enter(screen, ':quit')
    expect(await screen.ended).toBe(0)
    expect(await answersIn(folder)).toEqual({ warmup: 'words' })
  })
})

describe('editing the line that is being typed', () => {
  test('Backspace in a line longer than the window prints none of it again', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, args: ['--accessible'], columns: 40 })
    await screen.shows('Question 1 of 20')
    const line = 'a line that is far longer than the window is wide, so it breaks'
    await type(screen, line)
    await screen.shows('so it breaks')
    const before = screen.raw().length
    await type(screen, BACKSPACE.repeat(30))
    await screen.shows(/longer than th$/)
    expect(screen.raw().slice(before)).not.toMatch(/[a-z]{2}/)
    await enter(screen, 'end')
    expect(await screen.text()).toMatch(/^a line that is far longer than thend$/m)
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(await answersIn(folder)).toEqual({ warmup: `${line.slice(0, -30)}end` })
  })

  test('on a dumb terminal Backspace shows, at the end and in the middle', async () => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, env: DUMB })
    await screen.shows('Question 1 of 20')
    await type(screen, `Hello wrold${BACKSPACE.repeat(4)}orldZ`)
    await screen.shows(/^Hello worldZ$/m)
    await type(screen, `${LEFT.repeat(6)}${BACKSPACE}, `)
    await screen.shows(/^Hello, worldZ$/m)
    await enter(screen, `${END}${BACKSPACE}!`)
    await screen.shows(/^Hello, world!$/m)
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(screen.raw()).not.toContain(ESC)
    expect(await answersIn(folder)).toEqual({ warmup: 'Hello, world!' })
  })
})

test.each([
  ['Ctrl+C', (screen: Screen) => screen.send(CTRL('c'))],
  ['SIGTERM', (screen: Screen) => screen.kill('SIGTERM')],
])('after %s in mid-line the last words stand on rows of their own', async (_, stop) => {
  const screen = openTerminal({ folder: emptyFolder(), args: ['--accessible'] })
  await screen.shows('Question 1 of 20')
  await type(screen, 'half a li')
  await screen.shows('half a li')
  await stop(screen)
  await screen.ended
  expect(await screen.text()).toMatch(/^half a li\nSaved\. 1 of 20 answered\.$/m)
})

test('what is said breaks at words in a terminal', async () => {
  const screen = openTerminal({ folder: emptyFolder(), args: ['--accessible'], columns: 40, rows: 50 })
  await screen.shows('standard and why?')
  const rows = (await screen.history()).split('\n')
  expect(rows).toContain('What stands out to you about this')
  expect(rows).toContain('standard and why?')
  const args = ['read', 'a.story.1', '--accessible']
  await openTerminal({ folder: emptyFolder(), args, columns: 40 }).shows(
    /1 of 3\. How does\nthe PL system use/,
  )
})

describe('an editor in the lines face', () => {
  test('what it wrote is a draft before its file goes, so that kill -9 costs none of it', async () => {
    const folder = emptyFolder()
    file(folder, 'editor.sh', 'printf "from the editor\\n" >> "$1"; sleep 0.2\n')
    const screen = openTerminal({ folder, env: DUMB, args: ['--editor', 'sh editor.sh'] })
    await screen.shows('Question 1 of 20')
    await screen.send(':edit\r')
    const isThere = () => readdirSync(folder).some(name => name.endsWith('.edit.md'))
    for (const there of [true, false]) await vi.waitFor(() => expect(isThere()).toBe(there), SOON)
    screen.kill('SIGKILL')
    await screen.ended
    await openTerminal({ folder, env: DUMB }).shows('from the editor')
  })

  test(':edit hands the text to it and takes it back', async () => {
    const folder = emptyFolder()
    file(folder, 'editor.sh', 'printf "from the editor\\n" >> "$1"\n')
    const screen = openTerminal({ folder, env: DUMB, args: ['--editor', 'sh editor.sh'] })
    await screen.shows('Question 1 of 20')
    await enter(screen, 'mine')
    await enter(screen, ':edit')
    await screen.shows('Back from the editor: 4 words.')
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(await answersIn(folder)).toEqual({ warmup: 'mine\nfrom the editor' })
    file(folder, 'editor.sh', `printf '\\357\\273\\277in UTF-8 with a mark\n' > "$1"\n`)
    await enter(screen, ':edit')
    await screen.shows('Back from the editor: 5 words.')
    await enter(screen, '.')
    await screen.shows('Question 3 of 20')
    expect((await answersIn(folder))['a.story.1']).toBe('in UTF-8 with a mark')
    await enter(screen, ':quit')
    await screen.ended
    expect(readdirSync(folder).sort()).toEqual(['editor.sh', NOTES])
  })

  test.each([
    ['no-such-editor', 'could not be started'],
    ['false', 'ended with an error'],
    ['sh removes.sh', 'could not be read'],
  ])('%s costs nothing when it fails', async (editor, said) => {
    const folder = emptyFolder()
    file(folder, 'removes.sh', 'rm "$1"\n')
    const screen = openTerminal({ folder, env: DUMB, columns: 300, args: ['--editor', editor] })
    await screen.shows('Question 1 of 20')
    await enter(screen, 'mine')
    await enter(screen, ':edit')
    await screen.shows(said)
    await enter(screen, ':undo')
    await screen.shows('Removed: mine')
    await enter(screen, 'mine')
    await enter(screen, '.')
    await screen.shows('Question 2 of 20')
    expect(await screen.history()).not.toContain('Back from the editor')
    expect(await answersIn(folder)).toEqual({ warmup: 'mine' })
  })
})

test('Ctrl+C ends with 130, and the line that was being typed is saved', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB })
  await screen.shows('Question 1 of 20')
  await enter(screen, 'a whole line')
  await type(screen, 'and half a li')
  await screen.send(CTRL('c'))
  expect(await screen.ended).toBe(130)
  expect(await answersIn(folder)).toEqual({ warmup: 'a whole line\nand half a li' })
})

test('Ctrl+D at the beginning of a line ends the input: saved, and 1 while something is open', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB })
  await screen.shows('Question 1 of 20')
  await enter(screen, 'words')
  await screen.send(CTRL('d'))
  expect(await screen.ended).toBe(1)
  expect(await answersIn(folder)).toEqual({ warmup: 'words' })
})

test.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])('%s saves the line that was being typed', async (signal, code) => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--accessible'] })
  await screen.shows('Question 1 of 20')
  await type(screen, 'unfinished')
  await screen.shows('unfinished')
  screen.kill(signal)
  expect(await screen.ended).toBe(code)
  expect(await answersIn(folder)).toEqual({ warmup: 'unfinished' })
})

test.each([
  ['in lines', { ACCESSIBLE: '1' }, 'Question 1 of 20'],
  ['on the screen', {}, '(1 of 20)'],
])(
  'a terminal that is closed %s: what was typed is saved, and the program ends in order',
  async (_, env, ready) => {
    const folder = emptyFolder()
    const screen = openTerminal({ folder, env })
    await screen.shows(ready)
    await type(screen, 'precious words')
    await screen.shows('precious words')
    const { destroy } = screen.pty as unknown as { destroy(): void }
    destroy.call(screen.pty)
    expect(await screen.ended).toBe(129)
    expect(await answersIn(folder)).toEqual({ warmup: 'precious words' })
  },
)

test('a killed session is gone on with where it was, with what was typed', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB })
  await screen.shows('Question 1 of 20')
  await enter(screen, 'done')
  await enter(screen, '.')
  await screen.shows('Question 2 of 20')
  await type(screen, 'in the midst of a sent')
  await drafted(folder, 'in the midst of a sent')
  screen.kill('SIGKILL')
  await screen.ended
  expect((await plStories(['status'], { folder })).out).toContain(
    'Not yet in your notes: what was being written at a.story.1 (6 words).',
  )
  const { out, err } = await plStories(['export', 'json'], { folder })
  expect(JSON.parse(out).answers).toEqual({ warmup: 'done' })
  expect(err).toContain('what was being written at a.story.1 (6 words)')

  const again = openTerminal({ folder, env: DUMB, columns: 300 })
  await again.shows('You were working on question 2.')
  await again.shows('Written so far, 6 words, begins: in the midst of a sent')
  await enter(again, '.')
  await again.shows('Question 3 of 20')
  await enter(again, ':quit')
  await again.ended
  expect(await answersIn(folder)).toEqual({ warmup: 'done', 'a.story.1': 'in the midst of a sent' })
  expect(draftsOf(folder)).toEqual([])
})

test('a draft can be read by its owner alone', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB })
  await screen.shows('Question 1 of 20')
  await type(screen, 'private')
  await vi.waitFor(() => {
    expect(draftsOf(folder)).toMatchObject([{ text: 'private' }])
    const drafts = join(`${folder}.state`, 'pl-stories', 'drafts')
    const names = readdirSync(drafts)
    expect([drafts, join(drafts, names[0] ?? '')].map(path => statSync(path).mode & 0o777)).toEqual([
      0o700, 0o600,
    ])
  }, 60_000)
})

test('what nano and vim saved of it when they were killed is told of as well', async () => {
  const folder = emptyFolder()
  const left = ['.edit.md.save', '.edit.md.save.1', '-1.edit.md.swp'].map(end => `.${NOTES}.${DEAD}${end}`)
  for (const name of left) file(folder, name, name.endsWith('.swp') ? 'b0VIM 9.0' : 'words in the editor\n')
  const screen = openTerminal({ folder, env: DUMB, columns: 300 })
  const shown = await screen.shows('Question 1 of 20')
  for (const name of left) expect(shown).toContain(`Its text is still in ${join(folder, name)}`)
  expect(shown).toContain('.swp, which vim -r reads')
  await enter(screen, 'words in the editor')
  await enter(screen, ':quit')
  await screen.ended
  const again = openTerminal({ folder, env: DUMB })
  await again.shows('words in the editor')
  await enter(again, ':quit')
  await again.ended
  expect(readdirSync(folder).filter(name => name.includes('.edit.md'))).toEqual([left[2]])
})

test('an editor’s file that a dead session left is told of and kept, until its words are in the notes', async () => {
  const folder = emptyFolder()
  const left = `.${NOTES}.${DEAD}.edit.md`
  file(folder, left, 'words in the editor\n')
  const screen = openTerminal({ folder, env: DUMB, columns: 300 })
  await screen.shows(`Its text is still in ${join(folder, left)}`)
  await enter(screen, 'words in the editor')
  await enter(screen, ':quit')
  await screen.ended
  expect(file(folder, left)).toBe('words in the editor\n')
  const again = openTerminal({ folder, env: DUMB })
  await again.shows('words in the editor')
  await enter(again, ':quit')
  await again.ended
  expect(readdirSync(folder).filter(name => name.endsWith('.edit.md'))).toEqual([])
})

test('an editor’s file that cannot be read, as that of a colleague, is told of and bars nobody', async () => {
  const folder = emptyFolder()
  const left = `.${NOTES}.${DEAD}.edit.md`
  mkdirSync(join(folder, left))
  const screen = openTerminal({ folder, env: DUMB, columns: 300 })
  await screen.shows('Question 1 of 20')
  expect(await screen.history()).toContain(`Its text is still in ${join(folder, left)}`)
})

test('an answer that is being written anew when a signal comes is kept with the new words', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'A long careful old answer.'], { folder })
  const screen = openTerminal({ folder, env: DUMB, args: ['--only', 'warmup'] })
  await screen.shows('That was the last question')
  await enter(screen, 'list of questions')
  await screen.shows('Which question?')
  await enter(screen, '1')
  await screen.shows('Question 1 of 20')
  await enter(screen, ':replace')
  await screen.shows('The old one stays in your notes')
  await type(screen, 'New')
  screen.kill('SIGTERM')
  await screen.ended
  expect(await answersIn(folder)).toEqual({ warmup: 'A long careful old answer.\n\n---\n\nNew' })
})

test.skipIf(process.platform !== 'linux').each([
  ['in lines', ['--accessible']],
  ['on the screen', []],
])('who was stopped from outside goes on writing %s', async (_, args) => {
  const folder = emptyFolder()
  const shell = ['-m', '-c', '"$@"; stty sane; fg', 'sh', process.execPath, BIN, ...args]
  const screen = openTerminal({ folder, command: ['sh', shell] })
  await screen.shows(args.length > 0 ? 'Question 1 of 20' : 'Esc menu')
  await type(screen, 'before ')
  await screen.shows('before')
  const { pid } = screen.pty
  const before = screen.raw().length
  process.kill(Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')), 'SIGTSTP')
  // It takes the keyboard again.
  await vi.waitFor(() => expect(screen.raw().slice(before)).toContain('?2004h'), 60_000)
  await type(screen, 'and behind')
  await screen.shows('before and behind')
  await screen.send(CTRL('c'))
  if (args.length === 0) {
    await screen.shows('Ctrl+C again leaves.')
    await screen.send(CTRL('c'))
  }
  await screen.ended
})

test('an answer over which an editor has saved its old text is named, and put back if that is wanted', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB, rows: 60, columns: 200 })
  await screen.shows('Question 1 of 20')
  await enter(screen, 'first')
  await enter(screen, '.')
  await screen.shows('Question 2 of 20')
  const stale = file(folder, NOTES)
  await enter(screen, 'second')
  await enter(screen, '.')
  await screen.shows('Question 3 of 20')
  file(folder, NOTES, stale)
  await enter(screen, 'third')
  await enter(screen, '.')
  await screen.shows(
    'Another program has saved its older text over what you saved here: Element A · the story · 1 of 3.',
  )
  await screen.shows('1 put your words back · 2 leave the file as it is')
  await enter(screen, '1')
  await screen.shows('Question 4 of 20')
  expect(await answersIn(folder)).toEqual({ warmup: 'first', 'a.story.1': 'second', 'a.story.2': 'third' })
})

test('an answer that somebody erased in the file stays erased, and is asked about once', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, env: DUMB, rows: 60, columns: 200 })
  await screen.shows('Question 1 of 20')
  for (const [words, next] of [
    ['first', 2],
    ['second', 3],
  ] as const) {
    await enter(screen, words)
    await enter(screen, '.')
    await screen.shows(`Question ${next} of 20`)
  }
  file(folder, NOTES, file(folder, NOTES).replace('first\n', '\n'))
  await enter(screen, 'third')
  await enter(screen, '.')
  await screen.shows('over what you saved here: Warmup.')
  await screen.shows('2 leave the file as it is')
  await enter(screen, '2')
  await screen.shows('Question 4 of 20')
  await enter(screen, 'fourth')
  await enter(screen, '.')
  await screen.shows('Question 5 of 20')
  expect((await screen.history()).split('over what you saved here')).toHaveLength(2)
  expect(await answersIn(folder)).toEqual({
    'a.story.1': 'second',
    'a.story.2': 'third',
    'a.story.3': 'fourth',
  })
})

test('a jot in mid-line at Ctrl+C is in the answer, and only there', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--accessible', '--only', 'a.story.1'] })
  await screen.shows('lists the commands.')
  await enter(screen, 'Some words')
  await enter(screen, ':watch')
  await screen.shows('The stopwatch starts')
  await type(screen, 'half a jot')
  await drafted(folder, 'half a jot')
  await screen.send(CTRL('c'))
  await screen.ended
  expect((await answersIn(folder))['a.story.1']).toBe('Some words\nhalf a jot')
  expect(readdirSync(folder).filter(name => name.includes('said'))).toEqual([])
})

test('words said where a choice is asked for begin what is asked next', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'action', '- [ ] Call families (Bo)'], { folder })
  await plStories(['start', '--new-round', '--no-input'], { folder })
  const screen = openTerminal({ folder, args: ['--accessible', '--only', 'action'] })
  await screen.shows('1 done')
  await enter(screen, '40 calls were made')
  await screen.shows('Kept for now.')
  await enter(screen, '1')
  await screen.shows('What happened? Call families: done')
  await enter(screen, '.')
  await screen.shows('Question 20 of 20')
  await enter(screen, ':quit')
  await screen.ended
  expect(await answersIn(folder)).toEqual({ action: '- Done: Call families. 40 calls were made' })
})

test('what is being typed where a command is asked about is kept, too', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--accessible'] })
  await listening(screen)
  await press(screen, ':help')
  await endPaste(screen)
  await screen.shows('Run :help?')
  await type(screen, 'half a sentence')
  await drafted(folder, 'half a sentence')
  screen.kill('SIGKILL')
  await screen.ended
  await openTerminal({ folder, args: ['--accessible'] }).shows('begins: half a sentence')
})
