import { sanitizeInput } from '../../domain/answers.ts'
import { type Editing, editing, textOf } from './buffer.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { clip } from './layout.ts'
import type { FullScreen } from './renderer.ts'
import { press } from './textarea.ts'
import { cellsOf, clusterEnd, drawable, Wrap } from './wrap.ts'

const EMPTY: Editing = editing('', 0)
/** One line, however wide the window. */
const ONE_ROW = new Wrap(Number.MAX_SAFE_INTEGER)

/** One line being written on a screen. The lines of a paste become one. */
export class LineField {
  #line = EMPTY

  get text(): string {
    return sanitizeInput(textOf(this.#line))
  }

  press(key: Key): void {
    const { now } = press(this.#line, key, { wrap: ONE_ROW, height: 1 })
    const several = now.text.lines.length > 1
    const text = textOf(now).replace(/\s*\n\s*/g, ' ')
    this.#line = editing(text, several ? text.length : now.text.col)
  }

  /** Empties the field. @returns what stood in it. */
  take(): string {
    const text = this.text.trim()
    this.#line = EMPTY
    return text
  }

  /** The part of the line that fits the width with the caret in it, and the caret's column there. */
  row(width: number): { text: string; caret: number } {
    const whole = textOf(this.#line)
    const line = drawable(whole)
    const caret = drawable(whole.slice(0, this.#line.text.col)).length
    let from = 0
    while (cellsOf(line, from, caret) >= width) from = clusterEnd(line, from)
    let to = caret
    while (to < line.length && cellsOf(line, from, clusterEnd(line, to)) <= width) to = clusterEnd(line, to)
    return { text: line.slice(from, to), caret: cellsOf(line, from, caret) }
  }
}

const LOOK_MS = 250

/** What a screen needs that is drawn again as time goes by, and moved by keys. */
export interface Live {
  keyboard: Keyboard
  stage: FullScreen
  leaving: AbortSignal
}

/** Draws now and then, and after each key, until drawing or a key leads to something; `left` when the session ends. */
export function untilAsked<T>(
  { keyboard, stage, leaving }: Live,
  left: T,
  draw: () => T | undefined,
  press: (key: Key) => T | undefined,
): Promise<T> {
  return new Promise(resolve => {
    const look = () => settle(draw())
    const leave = () => settle(left)
    const ticking = setInterval(look, LOOK_MS)
    const off = stage.onResize(look)
    const settle = (asked: T | undefined) => {
      if (asked === undefined) return false
      clearInterval(ticking)
      off()
      keyboard.hold()
      leaving.removeEventListener('abort', leave)
      resolve(asked)
      return true
    }
    leaving.addEventListener('abort', leave)
    if (leaving.aborted ? leave() : look()) return
    keyboard.listen(key => void (settle(press(key)) || look()))
  })
}

/** Asks for one line on an empty screen; an empty text at Esc, or when the session ends. */
export async function askLine(live: Live, ask: string): Promise<string> {
  const { stage } = live
  const field = new LineField()
  const draw = () => {
    const { text, caret } = field.row(stage.columns - 4)
    const title = clip(drawable(`${ask}. Enter saves, Esc: back.`), stage.columns - 1)
    stage.draw([title, '', `› ${text}`], { row: 2, column: 2 + caret })
    return undefined
  }
  stage.clear()
  return untilAsked(live, '', draw, key => {
    const name = key.kind === 'key' ? key.name : ''
    if (name === 'escape' || name === 'ctrl+c') return ''
    if (name === 'enter' || name === 'ctrl+j') return field.take()
    field.press(key)
    return undefined
  }).finally(() => stage.clear())
}
