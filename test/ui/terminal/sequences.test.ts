import { expect, test } from 'vitest'
import { answersIn, emptyFolder, file, plStories } from '../../support/helpers.ts'
import { CTRL, ESC, enter, openTerminal, type } from '../../support/terminal.ts'

/*
 * What terminals really send, and what it does in every place that reads keys. Each place is one run of the program.
 */

type Effect = keyof typeof IN_AREA

/** Where the text `ab cd`, `ef gh` stands after a key and a `#`, with the caret behind `ef` before. */
const IN_AREA = {
  nothing: 'ab cd\nef# gh',
  left: 'ab cd\ne#f gh',
  right: 'ab cd\nef #gh',
  up: 'ab# cd\nef gh',
  down: 'ab cd\nef gh#',
  'line start': 'ab cd\n#ef gh',
  'line end': 'ab cd\nef gh#',
  'word left': 'ab cd\n#ef gh',
  'word right': 'ab cd\nef gh#',
  top: '#ab cd\nef gh',
  bottom: 'ab cd\nef gh#',
  'page up': '#ab cd\nef gh',
  'page down': 'ab cd\nef gh#',
  'delete right': 'ab cd\nef#gh',
  'delete left': 'ab cd\ne# gh',
  'delete word': 'ab cd\n# gh',
  'delete word right': 'ab cd\nef#',
  'new line': 'ab cd\nef\n# gh',
  'a 5': 'ab cd\nef5# gh',
  'an A': 'ab cd\nefA# gh',
  undo: 'ab cd\nef# gh',
  help: '',
  menu: '',
  back: '',
}

/** The same in one line `ab cd`, with the caret behind `ab` before. */
const IN_LINE: Partial<Record<Effect, string>> = {
  left: 'a#b cd',
  right: 'ab #cd',
  'line start': '#ab cd',
  'line end': 'ab cd#',
  'word left': '#ab cd',
  'word right': 'ab cd#',
  top: '#ab cd',
  bottom: 'ab cd#',
  'delete right': 'ab#cd',
  'delete left': 'a# cd',
  'delete word': '# cd',
  'delete word right': 'ab#',
  'new line': 'ab cd\n#',
  'a 5': 'ab5# cd',
  'an A': 'abA# cd',
}

const SEQUENCES: readonly [terminal: string, key: string, bytes: string, does: Effect][] = [
  // Letters of function keys must not become text.
  ['Linux console', 'F1', `${ESC}[[A`, 'help'],
  ['Linux console, Windows console', 'F2', `${ESC}[[B`, 'nothing'],
  ['Linux console, Windows console', 'F3', `${ESC}[[C`, 'nothing'],
  ['Linux console, Windows console', 'F4', `${ESC}[[D`, 'nothing'],
  ['Linux console, Windows console', 'F5', `${ESC}[[E`, 'nothing'],
  ['xterm 379, kitty 0.26, gnome-terminal 3.46', 'F1', `${ESC}OP`, 'help'],
  ['urxvt 9.30, Linux console in VT mode', 'F1', `${ESC}[11~`, 'help'],
  ['kitty with its protocol', 'F1', `${ESC}[P`, 'help'],
  ['xterm 379', 'F2', `${ESC}OQ`, 'nothing'],
  ['older xterm', 'Shift+F1', `${ESC}O2P`, 'help'],
  ['older xterm, konsole 22.12', 'Ctrl+F4', `${ESC}O5S`, 'nothing'],
  ['xterm 379', 'Ctrl+F3', `${ESC}[1;5R`, 'nothing'],
  ['xterm 379', 'F5', `${ESC}[15~`, 'nothing'],
  ['urxvt 9.30', 'Shift+F5', `${ESC}[28~`, 'nothing'],
  ['urxvt 9.30', 'Ctrl+F6', `${ESC}[17^`, 'nothing'],
  ['urxvt 9.30', 'Ctrl+Shift+F6', `${ESC}[17@`, 'nothing'],
  ['xterm 379', 'Shift+F12', `${ESC}[24;2~`, 'nothing'],
  // New lines.
  ['konsole 22.12', 'Shift+Enter', `${ESC}OM`, 'new line'],
  ['xterm 379 in application mode', 'Enter of the number pad', `${ESC}OM`, 'new line'],
  ['xterm 379 with modifyOtherKeys', 'Shift+Enter', `${ESC}[27;2;13~`, 'new line'],
  ['kitty with its protocol', 'Shift+Enter', `${ESC}[13;2u`, 'new line'],
  ['kitty with its protocol', 'Enter of the number pad', `${ESC}[57414u`, 'new line'],
  ['every terminal', 'Ctrl+J', '\n', 'new line'],
  // Moves.
  ['every terminal', 'Left', `${ESC}[D`, 'left'],
  ['every terminal in application mode', 'Right', `${ESC}OC`, 'right'],
  ['kitty with its protocol', 'Left, with the key pressed', `${ESC}[1;1:1D`, 'left'],
  ['kitty with its protocol', 'Left, held', `${ESC}[1;1:2D`, 'left'],
  ['kitty with its protocol', 'Left with Caps Lock', `${ESC}[1;65D`, 'left'],
  ['kitty with its protocol', 'Left of the number pad', `${ESC}[57417u`, 'left'],
  ['xterm 379', 'Shift+Left', `${ESC}[1;2D`, 'left'],
  ['urxvt 9.30', 'Shift+Left', `${ESC}[d`, 'left'],
  ['xterm 379', 'Ctrl+Left', `${ESC}[1;5D`, 'word left'],
  ['urxvt 9.30', 'Ctrl+Left', `${ESC}Od`, 'word left'],
  ['urxvt 9.30', 'Ctrl+Right', `${ESC}Oc`, 'word right'],
  ['xterm 379', 'Alt+Left', `${ESC}[1;3D`, 'word left'],
  ['urxvt 9.30', 'Alt+Left', `${ESC}${ESC}[D`, 'word left'],
  ['urxvt 9.30', 'Alt+Right', `${ESC}${ESC}[C`, 'word right'],
  ['every terminal', 'Alt+B', `${ESC}b`, 'word left'],
  ['every terminal', 'Home', `${ESC}[H`, 'line start'],
  ['Linux console, screen 4.9, tmux 3.3', 'Home', `${ESC}[1~`, 'line start'],
  ['urxvt 9.30', 'Home', `${ESC}[7~`, 'line start'],
  ['urxvt 9.30', 'End', `${ESC}[8~`, 'line end'],
  ['urxvt 9.30', 'Shift+Home', `${ESC}[7$`, 'line start'],
  ['xterm 379', 'Ctrl+Home', `${ESC}[1;5H`, 'top'],
  ['urxvt 9.30', 'Ctrl+Home', `${ESC}[7^`, 'top'],
  ['urxvt 9.30', 'Ctrl+End', `${ESC}[8^`, 'bottom'],
  ['every terminal', 'Up', `${ESC}[A`, 'up'],
  ['urxvt 9.30', 'Ctrl+Up', `${ESC}Oa`, 'up'],
  ['every terminal', 'Down', `${ESC}[B`, 'down'],
  ['every terminal', 'Page Up', `${ESC}[5~`, 'page up'],
  ['every terminal', 'Page Down', `${ESC}[6~`, 'page down'],
  // Deletes.
  ['every terminal', 'Backspace', '\u007f', 'delete left'],
  ['every terminal', 'Delete', `${ESC}[3~`, 'delete right'],
  ['urxvt 9.30', 'Ctrl+Delete', `${ESC}[3^`, 'delete word right'],
  ['xterm 379', 'Ctrl+Delete', `${ESC}[3;5~`, 'delete word right'],
  ['xterm 379 (after ?1036h), kitty, konsole, urxvt', 'Alt+Backspace', `${ESC}\u007f`, 'delete word'],
  ['kitty with its protocol', 'Ctrl+Backspace', `${ESC}[127;5u`, 'delete word'],
  ['every terminal', 'Ctrl+_ with nothing to undo but the paste', `x${CTRL('_')}`, 'undo'],
  // Keys that write.
  ['xterm 379 in application mode', '5 of the number pad', `${ESC}Ou`, 'a 5'],
  ['kitty with its protocol', '5 of the number pad', `${ESC}[57404u`, 'a 5'],
  ['kitty with its protocol', 'Shift+A', `${ESC}[97:65;2u`, 'an A'],
  ['kitty with its protocol', 'Shift+A with its text', `${ESC}[97;2;65u`, 'an A'],
  // What is no key of ours.
  ['kitty with its protocol', 'A let go', `${ESC}[97;1:3u`, 'nothing'],
  ['kitty with its protocol', 'Left let go', `${ESC}[1;1:3D`, 'nothing'],
  ['kitty with its protocol', 'Delete let go', `${ESC}[3;1:3~`, 'nothing'],
  ['kitty with its protocol', 'Left Shift', `${ESC}[57441;2u`, 'nothing'],
  ['kitty with its protocol', 'Caps Lock', `${ESC}[57358u`, 'nothing'],
  ['kitty with its protocol', 'Super+A', `${ESC}[97;9u`, 'nothing'],
  ['kitty with its protocol', 'volume up', `${ESC}[57439u`, 'nothing'],
  ['Windows Terminal in its input mode', 'A', `${ESC}[65;30;97;1;0;1_`, 'nothing'],
  ['xterm 379, tmux 3.3', 'mouse as vim 7 asks for it', `${ESC}[M !!`, 'nothing'],
  ['xterm 379', 'mouse wheel, X10', `${ESC}[M\`6.`, 'nothing'],
  ['xterm 379, kitty, gnome-terminal', 'mouse pressed, SGR', `${ESC}[<0;12;5M`, 'nothing'],
  ['xterm 379, kitty, gnome-terminal', 'mouse released, SGR', `${ESC}[<0;12;5m`, 'nothing'],
  ['urxvt 9.30', 'mouse, 1015', `${ESC}[32;12;5M`, 'nothing'],
  ['xterm 379, gnome-terminal', 'focus gained', `${ESC}[I`, 'nothing'],
  ['xterm 379', 'primary device attributes', `${ESC}[?64;1;2;6;9;15;18;21;22c`, 'nothing'],
  ['screen 4.9', 'secondary device attributes', `${ESC}[>83;40900;0c`, 'nothing'],
  ['xterm 379', 'cursor position', `${ESC}[12;40R`, 'nothing'],
  ['every terminal', 'status report', `${ESC}[0n`, 'nothing'],
  ['xterm 379, kitty', 'mode report', `${ESC}[?2004;1$y`, 'nothing'],
  ['xterm 379', 'background color, ended by ST', `${ESC}]11;rgb:ffff/ffff/dddd${ESC}\\`, 'nothing'],
  ['gnome-terminal 3.46', 'background color, ended by BEL', `${ESC}]11;rgb:ffff/ffff/dddd\u0007`, 'nothing'],
  ['kitty 0.26', 'version', `${ESC}P>|kitty(0.26.5)${ESC}\\`, 'nothing'],
  ['xterm 379', 'termcap', `${ESC}P1+r436f=323536${ESC}\\`, 'nothing'],
  ['kitty 0.26', 'graphics', `${ESC}_Gi=31;OK${ESC}\\`, 'nothing'],
  ['any', 'privacy message', `${ESC}^words${ESC}\\`, 'nothing'],
  ['any', 'start of string', `${ESC}Xwords${ESC}\\`, 'nothing'],
]

const tried = (...without: Effect[]) => SEQUENCES.filter(([, , , does]) => !without.includes(does))

test('the table is as long as it has to be', () => {
  expect(new Set(SEQUENCES.map(([terminal, key]) => terminal + key)).size).toBeGreaterThanOrEqual(60)
})

test('in the writing area', async () => {
  const screen = openTerminal({ folder: emptyFolder() })
  await screen.shows('(1 of 20)')
  const anew = `${`${ESC}[1;5F${CTRL('u')}\u007f`.repeat(4)}${ESC}[200~ab cd\nef gh${ESC}[201~${`${ESC}[D`.repeat(3)}`
  for (const [terminal, key, bytes, does] of tried('help', 'menu', 'back')) {
    await screen.send(anew)
    await screen.shows(/^(?![\s\S]*#)[\s\S]*│ ef gh\n/)
    await screen.send(`${bytes}#`)
    const shown = (await screen.shows('#')).split('\n').filter(row => row.startsWith('│'))
    expect(
      shown
        .map(row => row.slice(2).trimEnd())
        .join('\n')
        .trimEnd(),
      `${terminal}: ${key}`,
    ).toBe(IN_AREA[does].trimEnd())
  }
  for (const [, , bytes] of SEQUENCES.filter(([, , , does]) => does === 'help')) {
    await screen.send(bytes)
    await screen.shows('Ctrl+S     save and go on')
    await screen.send('q')
    await screen.shows('│ ab cd')
  }
  // Emacs' terminal sends Esc twice.
  await screen.send(ESC + ESC)
  await screen.shows('Save and go on\n')
  await screen.send(ESC)
  await screen.shows('│ ab cd')
})

/** One line for every sequence, as it comes out. */
const linesOf = (here: Partial<Record<Effect, string>> = {}) =>
  tried('help', 'menu', 'back', 'undo').map(
    ([, , bytes, does]) => [bytes, here[does] ?? IN_LINE[does] ?? 'ab# cd'] as const,
  )
const LINE = `ab cd${`${ESC}[D`.repeat(3)}`

test('in plain lines', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--accessible'] })
  await screen.shows(':help lists')
  await type(screen, 'x\u007f')
  const lines = linesOf()
  for (const [bytes] of lines) await screen.send(`${LINE}${bytes}#\r`)
  await screen.send('end')
  await screen.shows(/^end$/m)
  await enter(screen, '')
  await enter(screen, '.')
  await screen.shows('Question 2 of 20')
  const { warmup } = await answersIn(folder)
  expect(warmup?.split('\n')).toEqual([...lines.flatMap(([, line]) => line.split('\n')), 'end'])
})

test('while watching', async () => {
  const folder = emptyFolder()
  const screen = openTerminal({ folder, args: ['--only', 'a.story'] })
  await screen.shows('(2 of 20)')
  await screen.send(ESC)
  await screen.shows('W  Watch the video')
  await screen.send('w')
  await screen.shows('Enter saves · Tab')
  const lines = linesOf({ up: '#ab cd', down: 'ab cd#' })
  for (const [bytes] of lines) await screen.send(`${LINE}${bytes}#\r`)
  await screen.send('end\r')
  await screen.shows('] end')
  await screen.send(ESC)
  await screen.shows('Ctrl+S save')
  const jots = file(folder, 'equity-notes.md').match(/(?<=^- \[\d\d:\d\d\] ).*$/gm)
  expect(jots).toEqual([...lines.flatMap(([, line]) => line.split('\n')), 'end'])
})

test('in a menu', async () => {
  const screen = openTerminal({ folder: emptyFolder() })
  await screen.shows('(1 of 20)')
  await screen.send(ESC)
  const rows = (await screen.shows('Q  Leave')).split('\n').filter(row => /^[› ] \S? {2}/.test(row))
  const pointer = async (at: number) => {
    const row = rows.at(at)?.slice(2).trimEnd() ?? ''
    await screen.shows(`› ${row}`)
  }
  const DOWN = `${ESC}[B`
  /** Where the pointer stands after the key pressed at the third choice, and Down twice. */
  const places: Partial<Record<Effect, number>> = { up: 3, down: 5, 'page up': 2, 'line start': 2 }
  for (const [, key, bytes, does] of tried('help', 'menu', 'back', 'new line', 'a 5', 'an A', 'undo')) {
    await screen.send(`${ESC}[H`)
    await pointer(0)
    await screen.send(`${DOWN}${DOWN}${bytes}${DOWN}${DOWN}`)
    const last = rows.length - 1
    const at =
      does === 'line end' || does === 'page down' ? last : key === 'Ctrl+Up' ? 4 : (places[does] ?? 4)
    await pointer(at)
    // It stays there, and did not only pass by.
    await screen.send(`${ESC}[A`)
    await pointer(at - 1)
  }
})

test('in notes that are read', async () => {
  const folder = emptyFolder()
  await plStories(['answer', 'warmup', 'words'], { folder })
  const screen = openTerminal({ folder })
  await screen.shows('(2 of 20)')
  // xterm is asked for Alt as an Escape in front, or it writes "ÿ".
  expect(screen.raw()).toContain(`${ESC}[?1036h`)
  await screen.send(ESC)
  await screen.shows('N  Read my notes')
  await screen.send('n')
  await screen.shows(/^1–\d+ of /m)
  for (const [at, [terminal, key, bytes]] of SEQUENCES.filter(
    ([, , , does]) => does === 'nothing',
  ).entries()) {
    await screen.send(`${bytes}${ESC}[B`)
    const [row] =
      /^\d+–\d+ of .*$/m.exec(await screen.shows(new RegExp(`^(?!${at + 1}–)\\d+–\\d+ of `, 'm'))) ?? []
    expect(row, `${terminal}: ${key}`).toMatch(new RegExp(`^${at + 2}–`))
  }
})

test('while a room is led', async () => {
  const screen = openTerminal({ folder: emptyFolder(), args: ['facilitate', 'equity-45'] })
  await screen.shows('PL Stories in 45 minutes')
  await screen.send('\r')
  await screen.shows('Step 1 of 8')
  let notes = false
  for (const [terminal, key, bytes] of tried(
    'help',
    'menu',
    'new line',
    'page up',
    'page down',
    'a 5',
    'an A',
    'undo',
  )) {
    await screen.send(`${bytes}f`)
    notes = !notes
    const shown = await screen.shows(notes ? /F hides/ : /^(?![\s\S]*F hides)/)
    expect(shown, `${terminal}: ${key}`).toContain('Step 1 of 8')
  }
})
