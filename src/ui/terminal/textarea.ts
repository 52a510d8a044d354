import type { WriteStream } from 'node:tty'
import { type Action, press } from './bindings.ts'
import type { Editing, ScreenRow } from './buffer.ts'
import type { Frame, FrameInput } from './frame.ts'
import type { Keyboard } from './keyboard.ts'
import type { Key } from './keys.ts'
import { Painter } from './painter.ts'
import { Wrap } from './wrap.ts'

/** What the area is opened with, and left with. */
export interface Area {
  editing: Editing
  top: ScreenRow
  notice?: string
}

export interface AreaConfig {
  area: Area
  /** The whole picture for a window: rows that always fit, and where the caret stands in them. */
  draw(input: FrameInput): Frame
  /** What stands above the picture, broken to the window as it is now: a resize draws it anew. */
  above(): string
  /** Called at every change; `much` when a paste brought a lot at once. */
  changed(editing: Editing, much: boolean): void
  /** What the first Ctrl+C says; the second leaves. `armed`: the first was pressed in a menu. */
  interruptNotice(): string
  armed: boolean
  screen: WriteStream
  leaving: AbortSignal
}

export interface Left extends Area {
  action: Exclude<Action, 'interrupt'> | 'leave'
  interrupted: boolean
}

/** Lets the person write until a key asks for something else; the area then leaves the screen. */
export function writeInArea(config: AreaConfig, keyboard: Keyboard): Promise<Left> {
  return new Promise(resolve => {
    const { screen, leaving } = config
    const writing = new Writing(config)
    const drawn = drawing(() => writing.draw())
    const resized = () => {
      writing.painter.resized(config.above())
      drawn.soon()
    }
    const leave = () => done({ ...writing.area, action: 'leave', interrupted: false })
    const done = (left: Left) => {
      // What is pressed from now on is for the next question, even in the same breath.
      keyboard.hold()
      screen.off('resize', resized)
      leaving.removeEventListener('abort', leave)
      drawn.stop()
      writing.painter.clear()
      resolve(left)
    }
    screen.on('resize', resized)
    leaving.addEventListener('abort', leave)
    writing.draw()
    keyboard.listen(key => {
      const left = writing.press(key)
      if (left) done(left)
      else drawn.soon()
    })
  })
}

/** Keys that come in one breath are drawn together. */
function drawing(draw: () => void) {
  let due: NodeJS.Immediate | undefined
  return {
    soon() {
      due ??= setImmediate(() => {
        due = undefined
        draw()
      })
    },
    stop: () => clearImmediate(due),
  }
}

/** An area while somebody writes in it. */
class Writing {
  area: Area
  readonly painter: Painter
  readonly #config: AreaConfig
  #interrupted: boolean
  #wrap = new Wrap(1)
  #height = 1

  constructor(config: AreaConfig) {
    this.#config = config
    this.area = config.area
    this.painter = new Painter(config.screen)
    this.#interrupted = config.armed
  }

  /** @returns how the area is left, if the key asks for that. */
  press(key: Key): Left | undefined {
    const { changed, interruptNotice } = this.#config
    const { editing: before, top } = this.area
    const { now, action, notice } = press(before, key, { wrap: this.#wrap, height: this.#height })
    const again = this.#interrupted
    this.#interrupted = action === 'interrupt'
    this.area = { editing: now, top, ...(notice && { notice }) }
    if (now.text.lines !== before.text.lines) changed(now, key.kind === 'paste')
    if (action !== 'interrupt') return action && { ...this.area, action, interrupted: false }
    if (again) return { ...this.area, action: 'leave', interrupted: true }
    changed(now, true)
    this.area = { ...this.area, notice: interruptNotice() }
    return undefined
  }

  draw(): void {
    const { draw, screen } = this.#config
    const frame = draw({
      ...this.area,
      columns: screen.columns || 80,
      rows: screen.rows || 24,
      wrapFor: width => this.#wrapFor(width),
    })
    this.area = { ...this.area, top: frame.top }
    this.#wrapFor(frame.textWidth)
    this.#height = frame.areaHeight
    this.painter.draw(frame.rows, frame.caret)
  }

  #wrapFor(width: number): Wrap {
    if (this.#wrap.width !== width) this.#wrap = new Wrap(width)
    return this.#wrap
  }
}
