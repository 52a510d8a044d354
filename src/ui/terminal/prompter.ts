import type { ReadStream, WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { stripControls, UserError } from '../../domain/errors.ts'
import type { SessionServices } from '../session-port.ts'
import { type Key, Keyboard, type Live, untilAsked } from './keyboard.ts'
import { clip, contentWidth, inRows, keyRows, paint } from './layout.ts'
import { renderMarkdown } from './markdown.ts'
import { FullScreen, type RowRenderer } from './renderer.ts'
import { type Choice, type Menu, select } from './select.ts'
import { cellsIn } from './wrap.ts'

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

const OTHER_SCREEN = '\u001b[?1049h'
const FIRST_SCREEN = '\u001b[?1049l\u001b[?25h'

interface PagerOptions {
  /** Whether it begins with asking for words to search for. */
  searching?: boolean
  /** Where Esc leads, in words. */
  back?: string
}

type Render = (columns: number) => Promise<string>

/**
 * Shows a document from its top on a screen of its own, where it can be searched, until the person closes it.
 * `render` draws it in so many columns.
 */
export async function openPager(live: Live, render: Render, options?: PagerOptions): Promise<undefined> {
  const { stage, leaving } = live
  const { screen } = stage
  if (leaving.aborted) return undefined
  const restore = () => void screen.write(FIRST_SCREEN)
  process.on('exit', restore)
  screen.write(OTHER_SCREEN)
  const pager = new Pager(stage, options)
  let columns = 0
  const show = async () => {
    columns = stage.columns
    pager.show((await render(columns)).trimEnd().split('\n'))
  }
  await show()
  const draw = () => {
    if (columns !== stage.columns) void show()
    pager.draw()
    return undefined
  }
  await untilAsked(
    live,
    () => true,
    draw,
    key => pager.press(key) || undefined,
  )
  process.off('exit', restore)
  restore()
  return undefined
}

class Pager {
  readonly #stage: RowRenderer
  readonly #back: string
  #rows: readonly string[] = []
  #top = 0
  /** The words being typed; undefined while nobody searches. */
  #typed: string | undefined
  #words = ''
  /** The row of the last match. */
  #found = -1
  #notice = ''

  constructor(stage: RowRenderer, { searching = false, back = 'back' }: PagerOptions = {}) {
    this.#stage = stage
    this.#back = back
    if (searching) this.#typed = ''
  }

  get #height(): number {
    return Math.max(1, this.#stage.rows - 2)
  }

  show(rows: readonly string[]): void {
    this.#rows = rows
    this.#go(this.#top)
  }

  #go(top: number): void {
    this.#top = Math.max(0, Math.min(top, this.#rows.length - this.#height))
  }

  draw(): void {
    const height = this.#height
    const width = contentWidth(this.#stage.columns)
    const shown = this.#rows.slice(this.#top, this.#top + height).map(row => marked(row, this.#words))
    while (shown.length <= height) shown.push('')
    if (this.#typed !== undefined) {
      const row = clip(`Search for: ${this.#typed}`, width)
      this.#stage.draw([...shown, row], { row: height + 1, column: cellsIn(row) })
      return
    }
    const end = Math.min(this.#top + height, this.#rows.length)
    const keys = [
      ...(this.#rows.length > height ? [`${this.#top + 1}–${end} of ${this.#rows.length}`] : []),
      `Esc ${this.#back}`,
      '/ search',
      ...(this.#words === '' ? [] : ['n next']),
      'PgDn/PgUp scroll',
    ]
    const foot = this.#notice ? [paint.bold(clip(this.#notice, width))] : keyRows(keys, width, 1)
    this.#stage.draw([...shown, ...foot])
  }

  /** @returns whether the person is done. */
  press(key: Key): boolean {
    this.#notice = ''
    const name = key.kind === 'key' ? key.name : key.text
    const escaped = name === 'escape' || name === 'ctrl+c'
    if (this.#typed !== undefined) {
      if (escaped) this.#typed = undefined
      else if (name === 'enter') this.#search(this.#top, this.#typed.trim())
      else if (name === 'backspace') this.#typed = [...this.#typed].slice(0, -1).join('')
      else if (key.kind !== 'key') this.#typed += key.text.replace(/\s+/g, ' ')
      return false
    }
    // Enter pressed once too often, as in a list, must not close what has just come.
    const atEnd = this.#top + this.#height >= this.#rows.length
    if (name === '/') this.#typed = ''
    else if (name === 'n') this.#search(this.#found + 1, this.#words)
    else this.#go(this.#moves.get(name)?.() ?? this.#top)
    return escaped || (name === 'enter' && atEnd) || name.toLowerCase() === 'q'
  }

  readonly #moves = new Map([
    ['up', () => this.#top - 1],
    ['down', () => this.#top + 1],
    ['pageup', () => this.#top - this.#height + 1],
    ['pagedown', () => this.#top + this.#height - 1],
    [' ', () => this.#top + this.#height - 1],
    ['enter', () => this.#top + this.#height - 1],
    ['home', () => 0],
    ['end', () => this.#rows.length],
  ])

  /** Goes to the first match from a row on, round to the top. */
  #search(from: number, words: string): void {
    this.#typed = undefined
    this.#words = words
    const hits = this.#rows.flatMap((row, i) => (marked(row, words) === row ? [] : [i]))
    this.#found = hits.find(row => row >= from) ?? hits[0] ?? -1
    if (this.#found >= 0) this.#go(this.#found - 2)
    else if (words !== '') this.#notice = `"${words}" isn't here. / searches again, Esc goes back.`
  }
}

/** The row with every match in reverse, for which its other colours give way. */
function marked(row: string, words: string): string {
  if (words === '') return row
  const text = stripVTControlCharacters(row)
  const pattern = new RegExp(words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'giu')
  return pattern.test(text) ? text.replace(pattern, match => `\u001b[7m${match}\u001b[27m`) : row
}
