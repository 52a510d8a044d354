import { Writable } from 'node:stream'
import type { ReadStream, WriteStream } from 'node:tty'
import { stripControls, UserError } from '../../domain/errors.ts'
import { capitalized } from '../../domain/guide.ts'
import type { SessionServices } from '../session-port.ts'
import { type Key, Keyboard, type Live } from './keyboard.ts'
import { clip, contentWidth, inRows, keyRows, paint } from './layout.ts'
import { openPager, type PagerOptions, type Render, renderMarkdown } from './reading.ts'
import { CLEAR_ALL, FullScreen, type RowRenderer } from './renderer.ts'
import { wrapped } from './wrap.ts'

export interface Choice<T> {
  name: string
  value: T
  /** The letter that always means it. */
  key?: string
  /** Stands above it. */
  heading?: string
}

export interface Menu<T> {
  /** What stands above the choices: a text, or rows for a window of this size and so many choices. */
  message: string | ((choices: number) => readonly string[])
  choices: readonly Choice<T>[]
  /** Where the pointer stands first. */
  first?: T
  /** What Esc does here, in words. */
  escape?: string
  /** Called at Ctrl+C, which closes the menu. */
  interrupted?: () => void
  /** Whether a paste closes the menu and is for who listens next; else it is dropped. */
  pasteCloses?: boolean
}

/** A letter or digit chooses at once unless more input follows: then it is the beginning of a paste. */
const CHOICE_MS = 30
/** Between two letters of a paste a busy machine may take its time. */
const SLOW_PASTE_MS = 300
const MOVES = new Map(
  Object.entries({ up: -1, down: 1, pageup: -10, pagedown: 10, home: -Infinity, end: Infinity }),
)

/**
 * Lets the person choose one of a few things, by letter, number, or arrows and Enter; undefined at Esc or when the
 * session ends. Nothing pasted ever chooses.
 */
export async function select<T>(live: Live, menu: Menu<T>): Promise<T | undefined> {
  if (menu.choices.length === 0) return undefined
  const keys = new MenuKeys(live.keyboard, menu)
  for (;;) {
    const outcome = await chooseOnce(live, menu, keys)
    if (outcome !== 'resized') return outcome.chosen
    live.stage.screen.write(CLEAR_ALL)
  }
}

async function chooseOnce<T>(
  { keyboard, stage, leaving }: Live,
  menu: Menu<T>,
  keys: MenuKeys<T>,
): Promise<{ chosen: T | undefined } | 'resized'> {
  const { screen } = stage
  const closed = new AbortController()
  const resized = new AbortController()
  const resize = () => resized.abort()
  const left = AbortSignal.any([leaving, closed.signal])
  screen.once('resize', resize)
  // Keys wait until the menu is there. It is loaded when it is first wanted.
  keyboard.hold()
  const { select, Separator } = await import('@inquirer/prompts')
  const rows = rowsOf(menu.choices, contentWidth(stage.columns)).flatMap((name, value) => {
    const { heading } = menu.choices[value] ?? {}
    return [...(heading ? [new Separator(paint.bold(heading))] : []), { name, value }]
  })
  keys.listen(() => closed.abort())
  try {
    const context = {
      input: keyboard.input,
      output: erasingFromStart(stage),
      clearPromptOnDone: true,
      signal: AbortSignal.any([left, resized.signal]),
    }
    const at = await select<number>({ ...drawn(menu, stage, keys), choices: rows, default: keys.at }, context)
    return { chosen: menu.choices[at]?.value }
  } catch (error) {
    if (left.aborted) return { chosen: undefined }
    if (resized.signal.aborted) return 'resized'
    throw error
  } finally {
    keys.stop()
    // What is typed until the next one listens is for that one.
    keyboard.hold()
    screen.off('resize', resize)
  }
}

/** Inquirer erases rows from within them, where Emacs' terminal erases only what is right of the cursor. */
function erasingFromStart({ screen, columns }: RowRenderer): Writable {
  const write = (chunk: unknown, _: string, done: () => void) => {
    screen.write(String(chunk).replaceAll('\u001b[2K', '\r\u001b[K'))
    done()
  }
  return Object.assign(new Writable({ write }), { columns })
}

const hasLetters = (choices: readonly Choice<unknown>[]) => choices.some(({ key }) => key !== undefined)

/** Every choice on one row: its letter, or its number where choices have no letters. */
function rowsOf(choices: readonly Choice<unknown>[], width: number): string[] {
  const lettered = hasLetters(choices)
  const digits = String(choices.length).length
  return choices.map(({ name, key = '', heading }, i) => {
    const mark = lettered ? key.toUpperCase().padEnd(2) : `${String(i + 1).padStart(digits)}.`
    // An entry of a list begins with its state.
    return clip(`${mark} ${heading === undefined ? capitalized(name) : name}`, width - 2)
  })
}

/** The menu as Inquirer draws it, in the rows that there are. */
function drawn<T>(menu: Menu<T>, stage: RowRenderer, keys: MenuKeys<T>) {
  const { message, choices, escape: onEscape = 'back' } = menu
  const width = contentWidth(stage.columns)
  const title =
    typeof message === 'string' ? ['', ...wrapped(message, width).map(paint.bold)] : message(choices.length)
  const all = choices.length + choices.filter(({ heading }) => heading).length
  const pageSize = Math.max(3, Math.min(all, stage.rows - title.length - 3))
  const hints = [
    `Esc ${onEscape}`,
    ...(all > pageSize ? ['↓ shows more', ...(hasLetters(choices) ? [] : ['/ search'])] : []),
    `Enter chooses, or a ${hasLetters(choices) ? 'letter' : 'number'}`,
  ]
  const hint = () =>
    keys.sought === undefined ? keyRows(hints, width, 1)[0] : clip(`Search for: ${keys.sought}`, width)
  const asIs = (text: string) => text
  const style = { message: asIs, answer: asIs, highlight: paint.chosen, keysHelpTip: hint }
  return {
    ...{ message: title.join('\n'), pageSize, loop: false },
    theme: { prefix: '', icon: { cursor: '›' }, style },
  }
}

/**
 * Passes on to Inquirer what may choose: arrows, Enter, letters and numbers pressed by hand. What came in a hurry was
 * not pressed by hand.
 */
class MenuKeys<T> {
  /** Which choice is pointed at. */
  at: number
  /** What is being searched for in a list. */
  sought: string | undefined
  readonly #keyboard: Keyboard
  readonly #menu: Menu<T>
  #due: NodeJS.Timeout | undefined
  #number = 0
  /** What may turn out to be the beginning of a paste. */
  #typed: Key[] = []
  #lastTyped = 0

  constructor(keyboard: Keyboard, menu: Menu<T>) {
    this.#keyboard = keyboard
    this.#menu = menu
    this.at = Math.max(
      0,
      menu.choices.findIndex(({ value }) => value === menu.first),
    )
  }

  listen(close: () => void): void {
    this.#number = 0
    this.#keyboard.listen(key => {
      clearTimeout(this.#due)
      if (this.sought !== undefined && key.kind !== 'key') this.#seek(this.sought + key.text)
      else if (key.kind === 'paste' || key.hurried) {
        if (!this.#menu.pasteCloses) return
        this.#keyboard.giveBack([...this.#typed, key])
        close()
      } else if (key.kind === 'text') this.#write(key)
      else this.#press(key.name, close)
    })
  }

  /** Stops waiting for more figures. */
  stop(): void {
    clearTimeout(this.#due)
  }

  #press(name: string, close: () => void): undefined {
    this.#number = 0
    const { sought } = this
    if (sought !== undefined && name === 'backspace') return this.#seek([...sought].slice(0, -1).join(''))
    if (sought !== undefined && name === 'escape') return this.#seek(undefined)
    if (name === 'ctrl+c') this.#menu.interrupted?.()
    const by = MOVES.get(name)
    if (name === 'escape' || name === 'ctrl+c') close()
    else if (by !== undefined) this.#move(this.at + by)
    else if (name === 'enter' || name === 'ctrl+j') this.#emit('enter')
  }

  #write(key: Key & { kind: 'text' }): undefined {
    const now = performance.now()
    this.#typed = now - this.#lastTyped < SLOW_PASTE_MS ? [...this.#typed, key] : [key]
    this.#lastTyped = now
    if (!/^(?:.|\d{1,3})$/.test(key.text)) return
    const { choices } = this.#menu
    if (key.text === '/' && !hasLetters(choices)) return this.#seek('')
    for (const character of key.text) {
      const meant = choices.findIndex(({ key }) => key === character.toLowerCase())
      if (!/\d/.test(character)) this.#point(meant, true)
      else {
        const longer = this.#number * 10 + Number(character)
        this.#number = longer <= choices.length ? longer : Number(character)
        this.#point(this.#number - 1, this.#number * 10 > choices.length)
      }
    }
  }

  /** `whole`: it cannot become another one, as "1" can become "12". */
  #point(to: number, whole: boolean): void {
    if (to < 0 || to >= this.#menu.choices.length) return
    this.#move(to)
    if (whole) this.#due = setTimeout(() => this.#emit('enter'), CHOICE_MS)
  }

  #seek(sought: string | undefined): undefined {
    this.sought = sought
    const { choices } = this.#menu
    const words = sought?.trim().toLowerCase()
    const found = words ? choices.findIndex(({ name }) => name.toLowerCase().includes(words)) : -1
    // There and back draws the list again where the pointer stays.
    for (const name of this.at < choices.length - 1 ? ['down', 'up'] : ['up', 'down']) this.#emit(name)
    if (found >= 0) this.#move(found)
  }

  #move(to: number): void {
    const target = Math.min(this.#menu.choices.length - 1, Math.max(0, to))
    for (; this.at < target; this.at++) this.#emit('down')
    for (; this.at > target; this.at--) this.#emit('up')
  }

  #emit(name: string): void {
    const pressed = { name, sequence: '', ctrl: false, meta: false, shift: false }
    this.#keyboard.input.emit('keypress', undefined, pressed)
  }
}

/* Saying and asking beside the writing area. */

/** Asks one thing on a screen before the interview; undefined at Esc. */
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
    const live = { keyboard, stage: new FullScreen(stdout), leaving }
    return await select(live, { message, choices, escape: 'leave' })
  } finally {
    keyboard.lend()
  }
}

/** A menu above the writing area: Esc leads back to it, and so does a paste, which is text. */
export const OVER_AREA = { escape: 'keep writing', pasteCloses: true } as const

/** The rows that a question needs below its notes. */
const QUESTION_ROWS = 12

type How<T> = Pick<Menu<T>, 'first' | 'escape' | 'pasteCloses'>

/**
 * Saying and asking on a screen, above and beside the writing area. `interrupted` is called at Ctrl+C in a menu.
 */
export function openScreenPrompter(
  live: Live,
  { notesToRead }: Pick<SessionServices, 'notesToRead'>,
  interrupted: () => void,
) {
  const { stage } = live
  const { screen } = stage
  /** Prints a paragraph into the scrollback. */
  const say = (text: string): undefined => void screen.write(`\n${inRows(text, stage.columns)}\n`)
  const page = (render: Render, how?: PagerOptions) =>
    openPager({ ...live, stage: new FullScreen(screen) }, render, how)
  const drawing = (markdown: string) => (columns: number) => renderMarkdown(stripControls(markdown), columns)
  return {
    say,
    /** Shows a text in the pager. */
    page: (text: string) => page(async columns => inRows(text, columns)),
    /** Shows Markdown in the pager. */
    read: (markdown: string) => page(drawing(markdown)),
    /** Shows the notes, or a part of them: in the pager, or `printed` where they leave room for the question. */
    async readNotes(
      selectors: readonly string[],
      { printed = false, searching = false } = {},
    ): Promise<undefined> {
      // The file may be in another program's hands just now: that is no reason to lose one's place.
      const notes = await notesToRead(selectors, 'markdown').catch(error => {
        if (error instanceof UserError) return undefined
        throw error
      })
      if (notes === undefined) return say("Your notes can't be read right now. What you write here is kept.")
      const text = printed ? (await drawing(notes)(stage.columns)).trimEnd() : ''
      if (printed && text.split('\n').length <= stage.rows - QUESTION_ROWS) screen.write(`\n${text}\n`)
      else await page(drawing(notes), { searching, back: printed ? 'to the question' : 'back' })
    },
    /** Asks until something is chosen; undefined at Esc or when the session ends. */
    choose: <T>(message: Menu<T>['message'], choices: readonly Choice<T>[], how: How<T> = {}) =>
      select(live, { message, choices, interrupted, ...how }),
  }
}
