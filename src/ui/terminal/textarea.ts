import type { WriteStream } from 'node:tty'
import { sanitizeInput } from '../../domain/answers.ts'
import { pasteKeys } from '../messages.ts'
import {
  type Editing,
  erase,
  go,
  goRowEdge,
  goRows,
  newLine,
  paste,
  redo,
  type ScreenRow,
  type,
  undo,
} from './buffer.ts'

import type { Key, Keyboard } from './keyboard.ts'
import type { Frame, FrameInput } from './layout.ts'
import { RowRenderer } from './renderer.ts'
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
  /** A part of the picture that changes with time; empty if there is none. */
  heading(): string
  /** What stands above the picture, broken to the window as it is now: a resize redraws it. */
  above(): string
  /** Called at every change; `much` when a paste brought a lot at once. */
  changed(editing: Editing, much: boolean): void
  /** What must be told as long as it is so, without waiting for a key. */
  trouble(): string | undefined
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
    const { screen, leaving, heading } = config
    const writing = new Writing(config)
    const drawn = drawing(() => writing.draw())
    let shown = heading()
    const ticking = setInterval(() => {
      if (writing.troubled() || heading() !== shown) drawn.soon()
      shown = heading()
    }, 1000)
    const resized = () => {
      writing.painter.resized(config.above())
      drawn.soon()
    }
    const leave = () => done({ ...writing.area, action: 'leave', interrupted: false })
    const done = (left: Left) => {
      // What is pressed from now on is for the next question, even in the same breath.
      keyboard.hold()
      clearInterval(ticking)
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

/** Two keys may be pressed at once, no more. */
const MOST_HURRIED = 3

/** An area while somebody writes in it. */
class Writing {
  area: Area
  readonly painter: RowRenderer
  readonly #config: AreaConfig
  #interrupted: boolean
  #wrap = new Wrap(1)
  #height = 1
  /** How many pieces of text in a row came faster than a hand types. */
  #hurried = 0

  constructor(config: AreaConfig) {
    this.#config = config
    this.area = config.area
    this.painter = new RowRenderer(config.screen)
    this.#interrupted = config.armed
  }

  /** @returns how the area is left, if the key asks for that. */
  press(key: Key): Left | undefined {
    const { changed, interruptNotice } = this.#config
    const { editing: before, top } = this.area
    if (key.kind === 'text') this.#hurried = key.hurried ? this.#hurried + 1 : 0
    const pasting = this.#hurried >= MOST_HURRIED
    const { now, action, notice } = press(before, key, { wrap: this.#wrap, height: this.#height, pasting })
    const again = this.#interrupted
    this.#interrupted = action === 'interrupt'
    this.area = { editing: now, top, ...(notice && { notice }) }
    if (now.text.lines !== before.text.lines) {
      changed(now, key.kind === 'paste')
      this.troubled()
    }
    if (action !== 'interrupt') return action && { ...this.area, action, interrupted: false }
    if (again) return { ...this.area, action: 'leave', interrupted: true }
    changed(now, true)
    this.area = { ...this.area, notice: interruptNotice() }
    return undefined
  }

  /** @returns whether there is trouble that the screen doesn't show yet. */
  troubled(): boolean {
    const notice = this.#config.trouble()
    if (!notice || notice === this.area.notice) return false
    this.area = { ...this.area, notice }
    return true
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

/** What a key asks for beyond the text itself. */
export type Action = 'save' | 'menu' | 'back' | 'edit' | 'list' | 'help' | 'interrupt'

/** The screen as the moves by rows need to know it. */
export interface Page {
  wrap: Wrap
  height: number
  /** Whether text has been coming faster than a hand types: a paste that nothing marks. */
  pasting?: boolean
}

type Change = (now: Editing, page: Page) => Editing

const CHANGES: Record<string, Change> = {
  tab: now => type(now, '\t'),
  left: now => go(now, 'left'),
  right: now => go(now, 'right'),
  up: (now, { wrap }) => goRows(now, -1, wrap),
  down: (now, { wrap }) => goRows(now, 1, wrap),
  pageup: (now, { wrap, height }) => goRows(now, 1 - height, wrap),
  pagedown: (now, { wrap, height }) => goRows(now, height - 1, wrap),
  home: (now, { wrap }) => goRowEdge(now, 'start', wrap),
  end: (now, { wrap }) => goRowEdge(now, 'end', wrap),
  'ctrl+left': now => go(now, 'word left'),
  'ctrl+right': now => go(now, 'word right'),
  'ctrl+home': now => go(now, 'start'),
  'ctrl+end': now => go(now, 'end'),
  'ctrl+a': now => go(now, 'line start'),
  'ctrl+e': now => go(now, 'line end'),
  backspace: now => erase(now, 'left'),
  delete: now => erase(now, 'right'),
  'ctrl+w': now => erase(now, 'word left'),
  'alt+d': now => erase(now, 'word right'),
  'ctrl+u': now => erase(now, 'line start'),
  'ctrl+k': now => erase(now, atLineEnd(now) ? 'right' : 'line end'),
  'ctrl+z': undo,
  'ctrl+y': redo,
}

const ACTIONS: Record<string, Action> = {
  'ctrl+s': 'save',
  'ctrl+d': 'save',
  'alt+enter': 'save',
  escape: 'menu',
  'ctrl+t': 'menu',
  'shift+tab': 'back',
  'ctrl+o': 'edit',
  'ctrl+g': 'list',
  f1: 'help',
  'ctrl+c': 'interrupt',
}

/** Other keys that people's fingers know for the same. */
const ALSO: Record<string, string> = {
  'ctrl+j': 'enter',
  'shift+enter': 'enter',
  'ctrl+enter': 'alt+enter',
  'alt+b': 'ctrl+left',
  'alt+f': 'ctrl+right',
  'alt+left': 'ctrl+left',
  'alt+right': 'ctrl+right',
  'ctrl+up': 'up',
  'ctrl+down': 'down',
  'alt+backspace': 'ctrl+w',
  'ctrl+backspace': 'ctrl+w',
  'ctrl+delete': 'alt+d',
  'alt+delete': 'alt+d',
  'ctrl+_': 'ctrl+z',
  'shift+backspace': 'backspace',
}

const atLineEnd = ({ text }: Editing) => text.col === (text.lines[text.row] ?? '').length

export interface Pressed {
  now: Editing
  action?: Action
  notice?: string
}

/** What a key does to the text, or asks for. Nothing pasted ever asks for anything. */
export function press(now: Editing, key: Key, page: Page): Pressed {
  if (key.kind === 'text') return { now: type(now, sanitizeInput(key.text)) }
  if (key.kind === 'paste') {
    const pasted = paste(now, sanitizeInput(key.text), key.continued)
    return { now: pasted, ...pasteNotice(pasted) }
  }
  const name = ALSO[key.name] ?? key.name
  // Nothing is added to the lines of a paste.
  if (name === 'enter') return { now: key.hurried || page.pasting ? type(now, '\n') : newLine(now) }
  const change = CHANGES[name]
  if (change) return { now: change(now, page) }
  if (name === 'ctrl+v') return { now, notice: `Paste with ${pasteKeys()}.` }
  const action = ACTIONS[name]
  return { now, ...(action && { action }) }
}

function pasteNotice({ text, past }: Editing): { notice?: string } {
  // The first line of a paste goes on with the line that was there.
  const lines = 1 + text.lines.length - (past.at(-1)?.lines.length ?? 1)
  return lines > 2 ? { notice: `Pasted ${lines} lines. Ctrl+Z takes them back.` } : {}
}
