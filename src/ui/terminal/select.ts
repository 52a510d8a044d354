import type { ReadStream, WriteStream } from 'node:tty'
import { stripControls, UserError } from '../../domain/errors.ts'
import type { SessionServices } from '../session-port.ts'
import { type Key, Keyboard } from './keyboard.ts'

import { clip, contentWidth, inRows } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { CLEAR_ALL, chalk } from './renderer.ts'
import { drawable, wrapped } from './wrap.ts'

export interface Choice<T> {
  name: string
  value: T
}

export interface Menu<T> {
  message: string
  choices: readonly Choice<T>[]
  leaving: AbortSignal
  /** Where the pointer stands first. */
  first?: T
  /** What Esc does here, in words. */
  escape?: string
  /** Told of Ctrl+C, which closes the menu. */
  interrupted?: () => void
  /** Whether a paste closes the menu and is for who listens next; else it is dropped. */
  pasteCloses?: boolean
}

/** A figure chooses at once unless more input follows: then it is the beginning of a paste that missed its place. */
const DIGIT_MS = 30
/** Between two letters of a paste a busy machine may take its time. */
const SLOW_PASTE_MS = 300

type Outcome<T> = { chosen: T | undefined } | 'resized'

/**
 * Lets the person choose one of a few things, by arrows and Enter or by number; undefined at Esc or when the
 * session ends. Nothing pasted ever chooses.
 */
export async function select<T>(
  keyboard: Keyboard,
  screen: WriteStream,
  menu: Menu<T>,
): Promise<T | undefined> {
  if (menu.choices.length === 0) return undefined
  const first = menu.choices.findIndex(({ value }) => value === menu.first)
  const pointer = { at: Math.max(0, first) }
  for (;;) {
    const outcome = await chooseOnce(keyboard, screen, menu, pointer)
    if (outcome !== 'resized') return outcome.chosen
    screen.write(CLEAR_ALL)
  }
}

async function chooseOnce<T>(
  keyboard: Keyboard,
  screen: WriteStream,
  menu: Menu<T>,
  pointer: { at: number },
): Promise<Outcome<T>> {
  const { choices, leaving, interrupted = () => {}, pasteCloses = false } = menu
  const closed = new AbortController()
  const resized = new AbortController()
  const close = () => closed.abort()
  const resize = () => resized.abort()
  leaving.addEventListener('abort', close)
  screen.on('resize', resize)
  if (leaving.aborted) close()
  // Keys wait until the menu is there. It is loaded when it is first wanted.
  keyboard.hold()
  const { select } = await import('@inquirer/prompts')
  const stopListening = listen(keyboard, choices.length, pointer, { close, interrupted, pasteCloses })
  try {
    const index = await select<number>(looks(menu, screen, pointer.at), {
      input: keyboard.input,
      output: screen,
      clearPromptOnDone: true,
      signal: AbortSignal.any([closed.signal, resized.signal]),
    })
    return { chosen: choices[index]?.value }
  } catch (error) {
    if (closed.signal.aborted) return { chosen: undefined }
    if (resized.signal.aborted) return 'resized'
    throw error
  } finally {
    stopListening()
    // What is typed until the next one listens is for that one.
    keyboard.hold()
    leaving.removeEventListener('abort', close)
    screen.off('resize', resize)
  }
}

/** The menu as Inquirer draws it: every choice on one row, and what does not fit is told of. */
function looks<T>({ message, choices, escape: onEscape = 'back' }: Menu<T>, screen: WriteStream, at: number) {
  const width = contentWidth(screen.columns || 80)
  const title = wrapped(message, width)
  const shown = Math.max(3, Math.min(choices.length, (screen.rows || 24) - title.length - 4))
  const hints = [
    choices.length > shown && '↓ shows more',
    `Esc: ${onEscape}`,
    'a number, or arrows and Enter',
  ].filter(hint => hint !== false)
  const digits = String(choices.length).length
  return {
    message: `\n${title.join('\n')}`,
    choices: choices.map(({ name }, i) => ({
      name: clip(`${' '.repeat(digits - String(i + 1).length)}${drawable(name)}`, width - digits - 4),
      value: i,
    })),
    default: at,
    pageSize: shown,
    loop: false,
    theme: {
      prefix: '',
      indexMode: 'number',
      icon: { cursor: '›' },
      style: {
        message: (text: string) => chalk.bold(text),
        highlight: (text: string) => chalk.cyan.bold(text),
        keysHelpTip: () => chalk.dim(clip(hints.join(' · '), width)),
      },
    },
  } as const
}

interface Listening {
  close(): void
  interrupted(): void
  pasteCloses: boolean
}

/**
 * Passes on to Inquirer what may choose: arrows and Enter pressed by hand, and numbers as the way to them. What came
 * in a hurry was not pressed by hand.
 * @returns how to stop waiting for more figures.
 */
function listen(keyboard: Keyboard, count: number, pointer: { at: number }, how: Listening): () => void {
  let due: NodeJS.Timeout | undefined
  let number = 0
  /** What may turn out to be the beginning of a paste. */
  let typed: Key[] = []
  let lastTyped = 0
  const emit = (name: string) =>
    keyboard.input.emit('keypress', undefined, { name, sequence: '', ctrl: false, meta: false, shift: false })
  const move = (to: number) => {
    const target = Math.min(count - 1, Math.max(0, to))
    for (; pointer.at < target; pointer.at++) emit('down')
    for (; pointer.at > target; pointer.at--) emit('up')
  }
  const figure = (digit: number) => {
    number = number * 10 + digit <= count ? number * 10 + digit : digit
    if (number === 0 || number > count) return
    move(number - 1)
    // "1" may be the beginning of "12".
    const whole = number * 10 > count
    due = setTimeout(() => whole && emit('enter'), DIGIT_MS)
  }
  keyboard.listen(key => {
    clearTimeout(due)
    if (key.kind === 'paste' || key.hurried) {
      if (!how.pasteCloses) return
      keyboard.giveBack([...typed, key])
      return how.close()
    }
    if (key.kind === 'text') {
      const now = performance.now()
      typed = now - lastTyped < SLOW_PASTE_MS ? [...typed, key] : [key]
      lastTyped = now
      if (!/^[0-9]{1,3}$/.test(key.text)) return
      for (const digit of key.text) figure(Number(digit))
      return
    }
    number = 0
    if (key.name === 'ctrl+c') how.interrupted()
    if (key.name === 'escape' || key.name === 'ctrl+c') return how.close()
    if (key.name === 'enter' || key.name === 'ctrl+j') return void emit('enter')
    if (key.name === 'up') move(pointer.at - 1)
    if (key.name === 'down') move(pointer.at + 1)
  })
  return () => clearTimeout(due)
}

/** Asks one thing on a screen before the walk has begun; undefined at Esc. */
export async function chooseOnScreen<T>(
  stdin: ReadStream,
  stdout: WriteStream,
  message: string,
  choices: readonly Choice<T>[],
  leaving: AbortSignal,
): Promise<T | undefined> {
  const keyboard = new Keyboard(stdin, stdout)
  keyboard.own()
  try {
    const capital = ({ name, value }: Choice<T>) => ({
      name: name.charAt(0).toUpperCase() + name.slice(1),
      value,
    })
    return await select(keyboard, stdout, {
      message,
      choices: choices.map(capital),
      leaving,
      escape: 'leave',
    })
  } finally {
    keyboard.lend()
  }
}

/** Saying and asking on a screen, above and beside the writing area. */
export interface ScreenPrompter {
  columns(): number
  rows(): number
  /** Prints a paragraph into the scrollback. */
  say(text: string): void
  /** Prints a document into the scrollback, where it can be read at leisure. */
  read(markdown: string): Promise<void>
  /** The same with the notes, or with a part of them. */
  readNotes(selectors: readonly string[]): Promise<void>
  /** Asks until something is chosen; undefined at Esc or when the session ends. */
  choose<T>(message: string, choices: readonly Choice<T>[], how?: How<T>): Promise<T | undefined>
}

type How<T> = Pick<Menu<T>, 'first' | 'escape' | 'pasteCloses'>

/** A menu above the writing area: Esc leads back to it, and so does a paste, which is text. */
export const OVER_AREA = { escape: 'go on writing', pasteCloses: true } as const

/** More rows than these below a document hide its beginning. */
const BELOW = 8
const SCROLL = '(Scroll up to read it from its beginning.)'

/** `interrupted` is told of Ctrl+C in a menu. */
export function openScreenPrompter(
  keyboard: Keyboard,
  screen: WriteStream,
  { leaving, notesToRead }: Pick<SessionServices, 'leaving' | 'notesToRead'>,
  interrupted: () => void,
): ScreenPrompter {
  const columns = () => screen.columns || 80
  const rows = () => screen.rows || 24
  const say = (text: string) => void screen.write(`\n${inRows(text, columns())}\n`)
  const read = async (markdown: string) => {
    const text = (await renderMarkdown(stripControls(markdown), columns())).trimEnd()
    const long = text.split('\n').length > rows() - BELOW
    screen.write(`\n${text}\n${long ? `\n${chalk.dim(SCROLL)}\n` : ''}`)
  }
  return {
    columns,
    rows,
    say,
    read,
    async readNotes(selectors) {
      // The file may be in another program's hands just now: that is no reason to lose one's place.
      const notes = await notesToRead(selectors, 'markdown').catch(error => {
        if (error instanceof UserError) return undefined
        throw error
      })
      if (notes === undefined) say('Your notes cannot be read at this moment. What you write here is kept.')
      else await read(notes)
    },
    choose: (message, choices, how = {}) =>
      select(keyboard, screen, { message, choices, leaving, interrupted, ...how }),
  }
}
