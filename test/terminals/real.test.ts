import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { installed } from '../support/browser.ts'
import { answersIn, emptyFolder, file, PROGRAM, plainEnv } from '../support/helpers.ts'
import { CTRL, drafted, ESC, openTerminal, press, type } from '../support/terminal.ts'

/*
 * The program inside programs that stand between it and people: multiplexers, Emacs, a screen reader. Each is skipped,
 * with a word, where its program is not installed.
 */

const LEFT = `${ESC}[D`
const RIGHT = `${ESC}[C`
const BACKSPACE = '\u007f'

/** Such programs of other systems are other ones. */
const real = (name: string) =>
  process.platform === 'linux' && installed(name)
    ? test
    : (title: string, _: unknown) => test.skip(`${title} (skipped: no ${name} of Linux is installed here)`)

/** A program of one word, which every shell and screen reader can be told to start. It outlives no test. */
function run(folder: string, args = '', before = ''): string {
  const words = PROGRAM.map(word => `'${word}'`).join(' ')
  const [path, pids] = [join(folder, 'run'), join(folder, 'pids')]
  file(folder, 'run', `#!/bin/sh\necho $$ >> ${pids}\nexec ${before} ${words} ${args} "$@"\n`)
  chmodSync(path, 0o755)
  onTestFinished(() => {
    const started = existsSync(pids) ? readFileSync(pids, 'utf8').split('\n') : []
    for (const pid of started.filter(Boolean)) spawnSync('kill', ['-KILL', '--', `-${pid}`, pid])
  })
  return path
}

describe.each([
  ['tmux', ['-S', 'socket', '-f', '/dev/null'], ['new-session'], ['kill-server']],
  ['screen', ['-S', 'test', '-c', '/dev/null', '-U'], [], ['-X', 'quit']],
])('%s', (name, where, start, stop) => {
  real(name)('passes on keys, pastes and wide text, and what it shows is right', async () => {
    const folder = emptyFolder()
    const env = plainEnv(folder, { SCREENDIR: join(folder, 'screens'), LC_ALL: 'C.UTF-8' })
    const screen = openTerminal({ folder, env, command: [name, [...where, ...start, run(folder)]] })
    onTestFinished(() => void spawnSync(name, [...where, ...stop], { cwd: folder, env }))
    await screen.shows('(1 of 20)')
    await type(screen, 'ab कि क्षि กำ 👩‍👩‍👧')
    await screen.paste('\rtwo\rlines')
    const shown = await screen.shows('│ lines')
    expect(shown).toMatch(/^│ ab कि क्षि กำ .*\n│ two\n│ lines\n/m)
    expect(shown.match(/│ ab/g)).toHaveLength(1)
    expect(shown).toContain('\nCtrl+S save and go on · Esc menu')
    await screen.send(`${ESC}[1~#`)
    await screen.shows('│ #lines')
    await screen.send(`${ESC}OP`)
    await screen.shows(/^Ctrl\+G +list of questions$/m)
    await screen.send('q')
    await screen.shows('│ #lines')
    screen.resize(60, 20)
    await screen.shows(/^│ #lines\n[\s\S]*Esc menu/m)
    await press(screen, CTRL('s'))
    await screen.shows('(2 of 20)')
    await screen.send(`${ESC}[Z`)
    await screen.shows('Warmup (1 of 20) · answered')
    await screen.send(ESC)
    await screen.shows('Q  Leave')
    await screen.send('q')
    await screen.ended
    expect(await answersIn(folder)).toEqual({ warmup: 'ab कि क्षि กำ 👩‍👩‍👧\ntwo\n#lines' })
  })
})

describe('Emacs', () => {
  const emacs = (folder: string, lisp: string) =>
    openTerminal({
      folder,
      rows: 60,
      env: { TERM: 'linux' },
      command: ['emacs', ['-nw', '-Q', '--eval', lisp]],
    })

  real('emacs')('in M-x shell each line stands once, text is text and a command is obeyed', async () => {
    const folder = emptyFolder()
    run(folder)
    const screen = emacs(
      folder,
      '(progn (setq explicit-shell-file-name "/bin/sh") (pop-to-buffer-same-window (shell)))',
    )
    await screen.shows(/[#$] ?$/m)
    await screen.send('./run\r')
    await screen.shows(':help lists the commands.')
    await screen.send('Trust comes first.\r')
    // Two lines in one read would be a paste.
    await drafted(folder, 'Trust comes first.')
    await screen.send('.\r')
    expect((await screen.shows('Question 2 of 20')).match(/Trust comes first\./g)).toHaveLength(1)
    await screen.send(':list c\r')
    const list = await screen.shows(/^19 Element C.*\n[\s\S]*yet\./m)
    expect(list).not.toContain('13 Element B')
    await screen.send(':quit\r')
    await screen.shows('To go on: pl-stories')
    expect(await screen.text()).not.toContain('^[')
    expect(await answersIn(folder)).toEqual({ warmup: 'Trust comes first.' })

    await screen.send('./run facilitate 45\r')
    await screen.shows('Enter starts the clock')
    await screen.send(':time\r')
    await screen.shows('not started yet')
    await screen.send(':help\r')
    await screen.shows(':blank')
    await screen.send('\r')
    await screen.shows('Step 1 of 8')
    await screen.send(':next\r')
    await screen.shows('Step 2 of 8')
    await screen.shows('Watch the story.')
    await screen.send(':time\r')
    await screen.shows(/Watch the story\.\n:time\n[34]:\d\d left in this step\./)
    await screen.send(':quit\r')
    await screen.shows('To resume')
    expect(await screen.text()).not.toContain('Which group')
  })

  real('emacs')(
    'in its own terminal Esc, which arrives twice, and Ctrl+T open the menu, and nothing is left of it',
    async () => {
      const folder = emptyFolder()
      const screen = emacs(folder, `(ansi-term "${run(folder)}")`)
      await screen.shows('(1 of 20)')
      await type(screen, 'a word')
      for (const keys of [ESC + ESC, CTRL('t')]) {
        await screen.send(keys)
        const menu = await screen.shows('Q  Leave')
        expect(menu).toMatch(/^│ a word +$/m)
        await screen.send(`${ESC}[B`)
        await screen.shows('› L  Come back')
        await screen.send(keys === CTRL('t') ? 'l' : ESC + ESC)
        await screen.shows(/^(?![\s\S]*(?:Come back|Save and go on))[\s\S]*Ctrl\+S save/)
      }
      await screen.shows('(2 of 20)')
      expect((await screen.text()).split('\n').map(row => row.trimEnd())).toContain(
        'Element A: Academic Equity',
      )
      await screen.send(ESC + ESC)
      await screen.shows('Q  Leave')
      await screen.send('q')
      await vi.waitFor(async () => expect(await answersIn(folder)).toEqual({ warmup: 'a word' }), 60_000)
    },
  )
})

/** What a terminal shows without its spaces and line ends: a screen reader speaks a long row in pieces. */
const squeezed = (text: string) => text.replace(/\s/g, '')

/** The program under yasr, whose synthesizer is a script that writes down what it is given. */
function aloud(folder: string, program: string) {
  const log = join(folder, 'spoken')
  file(folder, 'speech', '#!/bin/sh\nexec cat >> spoken\n')
  chmodSync(join(folder, 'speech'), 0o755)
  file(
    folder,
    '.yasr.conf',
    `[normalkeys]\n[reviewkeys]\n[options]\nsynthesizer=emacspeak server\nsynthesizer port=|${folder}/speech\nkey echo=keys\n`,
  )
  const screen = openTerminal({ folder, rows: 60, command: ['yasr', [program]] })
  let from = 0
  const all = () =>
    existsSync(log)
      ? [...readFileSync(log, 'utf8').matchAll(/^[ql] \{(.*)\}$/gm)].map(match => match[1] ?? '')
      : []
  const spoken = (wanted: (words: string[]) => boolean) =>
    vi.waitFor(() => expect(all().slice(from)).toSatisfy(wanted), { timeout: 60_000, interval: 10 })
  return {
    screen,
    /** What is spoken until these words have been: a key pressed earlier would silence what is still to come. */
    async until(end: string) {
      await spoken(words => squeezed(words.join('')).includes(squeezed(end)))
      const words = all().slice(from)
      from += words.length
      return words.filter(each => each !== 'blank')
    },
    /** Presses keys, each when the one before has been shown and spoken. */
    async types(keys: string) {
      for (const key of keys.match(/\u001b\[[A-Z]|./gsu) ?? []) {
        const [before, written] = [all().length, screen.raw().length]
        await screen.send(key)
        await screen.answers(written, output => key !== '\r' || output.includes('\n'))
        if (key !== '\r') await spoken(() => all().length > before)
      }
    },
  }
}

const PLAN = `title: A minute and more
minutes: 51
steps:
  - {id: look, title: Look, minutes: 1, ask: warmup, say: Look at it.}
  - {id: talk, title: Talk, minutes: 50, ask: warmup, say: Talk about it.}
`

describe('yasr', () => {
  real('yasr')('speaks each text once and in order; a correction is spoken alone', async () => {
    const folder = emptyFolder()
    const { screen, until, types } = aloud(folder, run(folder, '--accessible'))
    const heard = await until(':help lists the commands.')
    await types('Trust comes first.\r.\r')
    heard.push(...(await until('identify critical student needs?')))
    await types('Charts.\r.\r')
    heard.push(...(await until('diverse student backgrounds and needs?')))
    await types(':list b\r')
    heard.push(
      ...(await until('13 Element B: Systemic Equity, your PL system, question 3 of 3. Not answered yet.')),
    )
    await types('Teh data')
    heard.push(...(await until('Teh data')))
    expect(squeezed(heard.join(''))).toBe(squeezed(await screen.history()))

    await types(`${LEFT.repeat(6)}${BACKSPACE}${RIGHT}e`)
    await screen.shows(/^The data$/m)
    expect(await until('e')).toEqual([...'atad h', 'e', ' ', 'e'])
    await types('\r:quit\r')
    await screen.ended
    expect(await answersIn(folder)).toEqual({
      warmup: 'Trust comes first.',
      'a.story.1': 'Charts.',
      'a.story.2': 'The data',
    })
  })

  /** Twelve times as fast as the clock on the wall. */
  const FAST = "faketime -f '+0 x12'"
  const led = installed('faketime') ? real('yasr') : real('faketime')
  const lead = (folder: string, how = '') => {
    file(folder, 'plan.yaml', PLAN)
    return aloud(folder, run(folder, `facilitate plan.yaml ${how}`, FAST))
  }

  led('on the screen of a led room speaks the time when its words change, and nothing twice', async () => {
    const { screen, until, types } = lead(emptyFolder())
    expect(await until('Q quit')).toContainEqual(expect.stringContaining('Screen reader? Add --accessible.'))
    await types('\r')
    await screen.shows('Time is up')
    const heard = [
      ...(await until('Time is up')),
      ...(await until('1 minute over · 1 minute behind')),
    ].filter(words => /[a-z]/.test(words))
    expect(heard.find(words => words.includes(' over'))).toMatch(/^1 minute over/)
    expect(heard.filter(words => words.includes('What stands out'))).toHaveLength(1)
    const times = heard.filter(words => words.includes(' left of 1'))
    expect(times[0]).toMatch(/^1 minute left/)
    expect(times.slice(1).every(words => /^[1-5]0 seconds left/.test(words))).toBe(true)
    expect(new Set(times).size).toBe(times.length)
    await types('q')
    expect(squeezed((await until('2. Leave')).join(''))).toMatch(/^Leavetheroom\?.*›1\.Stay2\.Leave/)
  })

  led('in the lines of a led room speaks each text once and in order', async () => {
    const folder = emptyFolder()
    const { screen, until, types } = lead(folder, '--accessible')
    const heard = await until(':help lists the commands.')
    await types('\r')
    heard.push(...(await until('Time is up.')))
    await types(':next\r')
    heard.push(...(await until('This is the last step.')))
    await types('We plan together.\r')
    heard.push(...(await until('not now')))
    await types('2\r')
    heard.push(...(await until(':help lists the commands.')))
    await screen.shows(/2 of 2.*:help lists the commands\./s)
    expect(squeezed(heard.join(''))).toBe(squeezed(await screen.history()))
  })
})
