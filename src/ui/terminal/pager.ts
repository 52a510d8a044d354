import type { WriteStream } from 'node:tty'
import { stripVTControlCharacters } from 'node:util'
import { paint } from './colors.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { clip, contentWidth } from './layout.ts'
import { FullScreen } from './renderer.ts'
import { cellsIn, drawable } from './wrap.ts'

const OTHER_SCREEN = '\u001b[?1049h'
const FIRST_SCREEN = '\u001b[?1049l\u001b[?25h'

export interface PagerOptions {
  /** Whether it begins with asking for words to search for. */
  searching?: boolean
  /** Where Esc leads, in words. */
  back?: string
}

/**
 * Shows a document from its top on a screen of its own, where it can be searched, until the person closes it or
 * `leaving` is aborted. `render` draws it in so many columns.
 */
export async function openPager(
  keyboard: Keyboard,
  screen: WriteStream,
  leaving: AbortSignal,
  render: (columns: number) => Promise<string>,
  { searching = false, back = 'back' }: PagerOptions = {},
): Promise<void> {
  if (leaving.aborted) return
  const restore = () => void screen.write(FIRST_SCREEN)
  process.on('exit', restore)
  screen.write(OTHER_SCREEN)
  const stage = new FullScreen(screen)
  const pager = new Pager(stage, searching, back)
  const show = async () => pager.show((await render(stage.columns)).trimEnd().split('\n'))
  const off = stage.onResize(() => void show())
  await show()
  await new Promise<void>(close => {
    leaving.addEventListener('abort', () => close(), { once: true })
    keyboard.listen(key => (pager.press(key) ? close() : pager.draw()))
  })
  keyboard.hold()
  off()
  process.off('exit', restore)
  restore()
}

class Pager {
  readonly #stage: FullScreen
  readonly #back: string
  #rows: readonly string[] = []
  #top = 0
  /** The words being typed; undefined while nobody searches. */
  #typed: string | undefined
  #words = ''
  /** The row of the last match. */
  #found = -1
  #notice = ''

  constructor(stage: FullScreen, searching: boolean, back: string) {
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
    this.draw()
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
      const row = clip(`Search for: ${drawable(this.#typed)}`, width)
      this.#stage.draw([...shown, row], { row: height + 1, column: cellsIn(row) })
      return
    }
    const end = Math.min(this.#top + height, this.#rows.length)
    const part = this.#rows.length > height ? `${this.#top + 1}–${end} of ${this.#rows.length} · ` : ''
    const keys = `Esc ${this.#back} · / search · ${this.#words === '' ? '' : 'n next · '}arrows, PgDn, PgUp, Home, End`
    this.#stage.draw([...shown, paint.bold(clip(this.#notice || part + keys, width))])
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
    if (name === '/') this.#typed = ''
    else if (name === 'n') this.#search(this.#found + 1, this.#words)
    else this.#go(this.#moves.get(name)?.() ?? this.#top)
    return escaped || name === 'enter' || name.toLowerCase() === 'q'
  }

  readonly #moves = new Map([
    ['up', () => this.#top - 1],
    ['down', () => this.#top + 1],
    ['pageup', () => this.#top - this.#height + 1],
    ['pagedown', () => this.#top + this.#height - 1],
    [' ', () => this.#top + this.#height - 1],
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
