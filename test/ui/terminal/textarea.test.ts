import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { answersIn, emptyFolder, file, PROGRAM, plStories } from '../../support/helpers.ts'
import { CTRL, ESC, type Opening, openTerminal, press, type Screen } from '../../support/terminal.ts'

const SAVE = CTRL('s')

async function begun(options: Omit<Opening, 'folder'> = {}) {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, ...options })
  await screen.shows('Ctrl+S')
  return { folder, screen }
}

/** Saves the first answer and returns it as it stands in the notes. */
async function saved(screen: Screen, folder: string): Promise<string | undefined> {
  await screen.send(SAVE)
  await screen.shows('(2 of 20)')
  const answers = await answersIn(folder)
  expect(Object.keys(answers)).toEqual(['warmup'])
  return answers.warmup
}

const PARAGRAPHS = Array.from({ length: 40 }, (_, i) =>
  [
    `• Point ${i}: “smart quotes” – and a dash`,
    '',
    `\tindented ${i}`,
    '- a bullet 👩🏽‍🏫',
    '1. 專業 العدالة',
  ].join('\n'),
).join('\n')
const LONG = `${'All the words of a very long page, one after the other. '.repeat(1800)}end`

describe('a paste lands whole in the one answer', () => {
  test.each([
    ['200 lines with blank lines, bullets, tabs and emoji', PARAGRAPHS],
    ['100 KB', LONG],
  ])('%s, with bracketed paste', async (_name, text) => {
    const { folder, screen } = await begun()
    await screen.paste(text.replaceAll('\n', '\r'))
    await screen.shows(text.slice(-3))
    expect(await saved(screen, folder)).toBe(text)
  })

  test('with the line ends of Windows', async () => {
    const { folder, screen } = await begun()
    await screen.paste('one\r\ntwo\r\n\r\nthree')
    await screen.shows('│ three')
    expect(await saved(screen, folder)).toBe('one\ntwo\n\nthree')
  })

  test.each([
    ['in one piece', 5000],
    ['in pieces of 64 bytes', 64],
  ])('without bracketed paste, %s', async (_name, size) => {
    const { folder, screen } = await begun()
    const text = `${Array.from({ length: 20 }, (_, i) => `Point ${i}: “quotes” 👩🏽‍🏫\n\n\t專業 العدالة`).join('\n')} the end`
    const bytes = Buffer.from(text.replaceAll('\n', '\r'))
    for (let i = 0; i < bytes.length; i += size) {
      // Its types know only strings, but bytes cut a letter in two as a real terminal does.
      screen.pty.write(bytes.subarray(i, i + size) as unknown as string)
    }
    await screen.shows('the end')
    expect(await saved(screen, folder)).toBe(text)
  })

  test('into a menu: it closes, chooses nothing and is text', async () => {
    const { folder, screen } = await begun()
    await screen.send(SAVE)
    await screen.shows('L  Come back')
    await screen.paste('2\r')
    await screen.shows('│ 2')
    await screen.send('1. first\r2. second\r')
    await screen.shows('│ 2. second')
    expect(await saved(screen, folder)).toBe('2\n1. first\n2. second')
  })
})

test('emoji families, flags, accents, Chinese and Arabic are moved over and deleted as one, and stored intact', async () => {
  const { folder, screen } = await begun()
  await screen.send('a👩🏽‍🏫🇨🇦e\u0301專業العدالة')
  await screen.shows('專業')
  await screen.send(`${ESC}[H`)
  for (let i = 0; i < 3; i++) await screen.send(`${ESC}[C`)
  await screen.send('\u007f')
  expect(await saved(screen, folder)).toBe('a👩🏽‍🏫e\u0301專業العدالة')
})

test('seven resizes while typing leave the text intact and the screen exact', async () => {
  const { folder, screen } = await begun()
  const words = 'Seven times the window changes while these words are typed and none of them is lost'.split(
    ' ',
  )
  const sizes: [number, number][] = [
    [30, 20],
    [100, 30],
    [44, 14],
    [60, 24],
    [33, 12],
    [90, 40],
    [80, 24],
  ]
  for (const [i, word] of words.entries()) {
    const before = screen.raw().length
    await screen.send(`${word} `)
    const size = sizes[i]
    if (size) screen.resize(...size)
    await screen.answers(before)
  }
  await screen.shows(/is lost/)
  const shown = await screen.text()
  expect(shown.match(/Ctrl\+S save and go on/g)?.length).toBe(1)
  expect(shown.match(/▌ What stands out/g)?.length).toBe(1)
  expect(shown).toContain('│ Seven times the window changes while these words are typed and none of them')
  const caret = await screen.cursor()
  expect(shown.split('\n')[caret.row]?.trimEnd()).toBe('│ is lost')
  expect(await saved(screen, folder)).toBe(`${words.join(' ')} `)
})

test('at 40 columns and 12 rows everything needed is on the screen', async () => {
  const { screen } = await begun({ columns: 40, rows: 12 })
  await screen.send('A few words that are longer than a row of this small window is wide')
  const shown = await screen.shows('is wide')
  const rows = shown.split('\n')
  expect(rows.length).toBeLessThanOrEqual(12)
  expect(Math.max(...rows.map(row => row.length))).toBeLessThanOrEqual(40)
  expect(shown).toContain('Warmup (1 of 20)')
  expect(shown).toContain('Ctrl+S save and go on · Esc menu')
})

test.each([
  ['NO_COLOR', { env: { NO_COLOR: '1' } }],
  ['--no-color', { args: ['--no-color'] }],
])('%s leaves out every color, in menus and notes too', async (_, options) => {
  const { screen } = await begun(options)
  await screen.send('x')
  await screen.shows('│ x')
  await screen.send(ESC)
  await screen.shows('N  Read my notes')
  await screen.send('n')
  await screen.shows('Esc back')
  await screen.send('q')
  await screen.shows('│ x')
  expect(screen.raw()).not.toMatch(/\u001b\[[\d;]*m/)
})

test('in a narrow window the first screen breaks between words', async () => {
  const wordsAt = async (columns: number) => {
    const { screen } = await begun({ columns, rows: 60 })
    const shown = await screen.text()
    return shown.slice(0, shown.indexOf('Warmup (')).split(/\s+/)
  }
  const wide = (await wordsAt(200)).filter(word => !word.includes('/'))
  for (const columns of [76, 50, 24]) expect(await wordsAt(columns)).toEqual(expect.arrayContaining(wide))
})

test('a terminal that tells 0×0 is taken for one of 80×24', async () => {
  const folder = emptyFolder()
  const zero = (...args: string[]): [string, string[]] => [
    'sh',
    ['-c', 'stty rows 0 cols 0; exec "$@"', 'sh', ...PROGRAM, ...args],
  ]
  const screen = openTerminal({ folder, command: zero() })
  await screen.shows('\n▌ What stands out to you about this standard and why?\n')
  expect(await screen.shows('Esc menu')).toContain('│ Write as many lines as you like.\n')
  await screen.send(ESC)
  await screen.shows('\n  Q  Leave; everything is saved\n')
  await screen.send('q')
  await screen.ended
  for (const how of [[], ['--accessible']]) {
    const args = ['read', 'guide', ...how]
    const [read, usual] = [openTerminal({ folder, command: zero(...args) }), openTerminal({ folder, args })]
    for (const each of [read, usual]) await each.shows('pl-stories is an unofficial tool.')
    expect(await read.history()).toBe(await usual.history())
  }
})

test('keys pressed once too often at the end do not reach the shell', async () => {
  const folder = emptyFolder()
  const command: [string, string[]] = ['bash', ['--norc', '-i']]
  const screen = openTerminal({ folder, command, env: { PS1: 'shell$ ' } })
  await screen.shows('shell$')
  const program = new URL('../../../bin/pl-stories.js', import.meta.url).pathname
  await screen.send(`${process.execPath} ${program} --only warmup\r`)
  await screen.shows('(1 of 20)')
  await screen.send('done')
  await screen.shows('│ done')
  await screen.send(SAVE)
  await screen.shows('Q  Leave')
  await screen.send('q')
  await screen.shows(/^(?![\s\S]*Q {2}Leave)/)
  await screen.send(CTRL('d') + CTRL('d') + CTRL('s'))
  await screen.shows(/make a document:[\s\S]*shell\$/)
  await screen.send('echo still here\r')
  await screen.shows(/\nstill here/)
})

describe('the editor', () => {
  /** A program that stands in for an editor: a shell script of these lines, with the file as $1. */
  function editor(folder: string, ...lines: string[]): string {
    const path = join(folder, 'my-editor')
    writeFileSync(path, ['#!/bin/sh', ...lines, ''].join('\n'))
    chmodSync(path, 0o755)
    return path
  }

  const edited = (folder: string) => readdirSync(folder).find(name => name.includes('.edit')) ?? ''

  async function inEditor(...lines: string[]) {
    const folder = emptyFolder()
    const screen = openTerminal({
      folder,
      env: { EDITOR: lines.length > 0 ? editor(folder, ...lines) : 'no-such-editor-anywhere' },
    })
    await screen.shows('Ctrl+S')
    await screen.send('before')
    await screen.shows('│ before')
    await screen.send(CTRL('o'))
    return { folder, screen }
  }

  test('gets the text and gives it back', async () => {
    const { folder, screen } = await inEditor('cp "$1" seen', 'printf "and after\\n" >> "$1"')
    await screen.shows('Back from the editor')
    expect(file(folder, 'seen')).toMatch(
      /^<!-- .*\n1 of 20 · Warmup\nWhat stands out [^\n]* -->\n\nbefore\n$/,
    )
    expect(await saved(screen, folder)).toBe('before\nand after')
    expect(readdirSync(folder).filter(name => name.includes('.edit'))).toEqual([])
  })

  test('that fails changes nothing and says so', async () => {
    const { folder, screen } = await inEditor('exit 1')
    await screen.shows('The editor ended with an error')
    expect(await saved(screen, folder)).toBe('before')
  })

  test('that is missing is told, and the text is safe', async () => {
    const { folder, screen } = await inEditor()
    await screen.shows('could not be started')
    expect(await saved(screen, folder)).toBe('before')
  })

  test('that comes back at once leads to a question, and what it saved later is read', async () => {
    const { folder, screen } = await inEditor(
      '(sleep 0.5; echo "written in a window" > "$1") >/dev/null 2>&1 &',
    )
    await screen.shows('came back at once')
    await vi.waitFor(() => expect(file(folder, edited(folder))).toBe('written in a window\n'), 60_000)
    await screen.send('1')
    await screen.shows('│ written in a window')
    expect(await saved(screen, folder)).toBe('written in a window')
  })

  test.each([
    ['vim', [['onew words', 'new words'], [`${ESC}:wq\r`]]],
    ['nano', [[`${ESC}/new words`, 'new words'], [CTRL('x'), 'Save modified'], ['y', 'File Name'], ['\r']]],
  ])('%s is handed the terminal and hands it back', async (name, keys) => {
    const folder = emptyFolder()
    const there = (await import('node:child_process')).spawnSync('which', [name]).status === 0
    if (!there) return console.log(`${name} is not installed here: not tried`)
    const screen = openTerminal({ folder, args: ['--editor', name] })
    await screen.shows('Ctrl+S')
    await screen.send('before')
    await screen.shows('│ before')
    await screen.send(CTRL('o'))
    await screen.shows(/^before\s*$/m)
    for (const [key = '', shown = 'Back from the editor'] of keys) {
      await screen.send(key)
      await screen.shows(shown)
    }
    await screen.shows('Back from the editor')
    expect(await saved(screen, folder)).toContain('new words')
  })

  test(':cq in vim leaves the text as it was', async () => {
    const folder = emptyFolder()
    if ((await import('node:child_process')).spawnSync('which', ['vim']).status !== 0) return
    const screen = openTerminal({ folder, args: ['--editor', 'vim'] })
    await screen.shows('Ctrl+S')
    await screen.send('before')
    await screen.shows('│ before')
    await screen.send(CTRL('o'))
    await screen.shows(/^before\s*$/m)
    await screen.send(':cq\r')
    await screen.shows('The editor ended with an error')
    expect(await saved(screen, folder)).toBe('before')
  })
})

test('undo brings back what a slip has deleted, pastes included', async () => {
  const { folder, screen } = await begun()
  await screen.paste('a pasted\rparagraph')
  await screen.shows('│ paragraph')
  await screen.send(`${CTRL('u')}`)
  await screen.shows('│ a pasted')
  await screen.send(CTRL('z'))
  await screen.shows('│ paragraph')
  expect(await saved(screen, folder)).toBe('a pasted\nparagraph')
})

test('an answer that holds control characters from a file keeps them through the writing area', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'x'], { folder })
  file(
    folder,
    'equity-notes.md',
    readFileSync(join(folder, 'equity-notes.md'), 'utf8').replace('\nx\n', '\nbell\u0007 and more\n'),
  )
  const screen = openTerminal({ folder })
  await screen.shows('(2 of 20)')
  await screen.send(`${ESC}[Z`)
  await screen.shows('│ bell· and more')
  await screen.send('!')
  await screen.shows('more!')
  await screen.send(SAVE)
  await screen.shows('(2 of 20)')
  expect(await answersIn(folder)).toEqual({ warmup: 'bell\u0007 and more!' })
})

test('Enter goes on with a list, and an empty item ends it; nothing is added to a paste', async () => {
  const { folder, screen } = await begun()
  for (const [line, rows] of [
    ['- one', /- one\n│ - *$/m],
    ['two', /- two\n│ - *$/m],
    ['', /- two\n│ *$/m],
    ['1. first', /1\. first\n│ 2\. *$/m],
    ['second', /2\. second\n│ 3\. *$/m],
    ['', /2\. second\n│ *$/m],
    ['- [x] done', /done\n│ - \[ \] *$/m],
    ['next', /next\n│ - \[ \] *$/m],
    ['', /next\n│ *$/m],
    ['plain', /plain\n│ *$/m],
  ] as const) {
    await press(screen, line)
    if (line !== '') await screen.shows(line)
    await press(screen, '\r')
    await screen.shows(rows)
  }
  await screen.paste('- pasted\r- lines')
  await screen.shows('- lines')
  expect(await saved(screen, folder)).toBe(
    '- one\n- two\n1. first\n2. second\n- [x] done\n- [ ] next\nplain\n- pasted\n- lines',
  )
})
