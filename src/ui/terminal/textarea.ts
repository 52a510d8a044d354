import { sanitizeInput } from '../../domain/answers.ts'
import { pasteKeys } from '../messages.ts'
import type { Editing, ScreenRow } from './buffer.ts'
import * as edit from './buffer.ts'
import { type Key, type Live, untilAsked } from './keyboard.ts'
import { clip, type FrameInput, type questionFrame } from './layout.ts'
import { cellsOf, clusterEnd, drawable, Wrap } from './wrap.ts'

/** What the area is opened with, and left with. */
export interface Area {
  editing: Editing
  top: ScreenRow
  notice?: string
}

interface AreaConfig {
  area: Area
  /** The whole picture for a window: rows that always fit, and where the caret stands in them. */
  draw(input: FrameInput): ReturnType<typeof questionFrame>
  /** Called at every change; `much` when a paste brought a lot at once. */
  changed(editing: Editing, much: boolean): void
  /** What must be told as long as it is so, without waiting for a key. */
  trouble(): string | undefined
  /** What the first Ctrl+C says; the second leaves. `armed`: the first was pressed in a menu. */
  interruptNotice(): string
  armed: boolean
}

export interface AreaLeft extends Area {
  action: Exclude<Action, 'interrupt'> | 'leave'
  interrupted?: boolean
}

/** Two keys may be pressed at once, no more. */
const MOST_HURRIED = 3

/** Lets the person write until a key asks for something else; the area then leaves the screen. */
export function writeInArea(config: AreaConfig, live: Live): Promise<AreaLeft> {
  const { draw, changed, trouble, interruptNotice } = config
  const { stage } = live
  let { area, armed } = config
  let wrap = new Wrap(1)
  let height = 1
  /** How many pieces of text in a row came faster than a hand types. */
  let hurried = 0
  const drawn = () => {
    const notice = (armed ? undefined : trouble()) ?? area.notice
    const frame = draw({
      ...area,
      ...(notice && { notice }),
      columns: stage.columns,
      rows: stage.rows,
      wrap,
    })
    wrap = frame.wrap
    area = { ...area, top: frame.top }
    height = frame.areaHeight
    stage.draw(frame.rows, frame.caret)
    return undefined
  }
  const pressed = (key: Key): AreaLeft | undefined => {
    const before = area.editing
    if (key.kind === 'text') hurried = key.hurried ? hurried + 1 : 0
    const page = { wrap, height, pasting: hurried >= MOST_HURRIED }
    const { now, action, notice } = press(before, key, page)
    const again = armed
    armed = action === 'interrupt'
    area = { editing: now, top: area.top, ...(notice && { notice }) }
    if (now.text.lines !== before.text.lines) changed(now, key.kind === 'paste')
    if (action !== 'interrupt') return action && { ...area, action }
    if (again) return { ...area, action: 'leave', interrupted: true }
    changed(now, true)
    area = { ...area, notice: interruptNotice() }
    return undefined
  }
  const left = (): AreaLeft => ({ ...area, action: 'leave' })
  return untilAsked(live, left, drawn, pressed).finally(() => stage.clear())
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
  tab: now => edit.type(now, '\t'),
  left: now => edit.go(now, 'left'),
  right: now => edit.go(now, 'right'),
  up: (now, { wrap }) => edit.goRows(now, -1, wrap),
  down: (now, { wrap }) => edit.goRows(now, 1, wrap),
  pageup: (now, { wrap, height }) => edit.goRows(now, 1 - height, wrap),
  pagedown: (now, { wrap, height }) => edit.goRows(now, height - 1, wrap),
  home: (now, { wrap }) => edit.goRowEdge(now, 'start', wrap),
  end: (now, { wrap }) => edit.goRowEdge(now, 'end', wrap),
  'ctrl+left': now => edit.go(now, 'word left'),
  'ctrl+right': now => edit.go(now, 'word right'),
  'ctrl+home': now => edit.go(now, 'start'),
  'ctrl+end': now => edit.go(now, 'end'),
  'ctrl+a': now => edit.go(now, 'line start'),
  'ctrl+e': now => edit.go(now, 'line end'),
  backspace: now => edit.erase(now, 'left'),
  delete: now => edit.erase(now, 'right'),
  'ctrl+w': now => edit.erase(now, 'word left'),
  'alt+d': now => edit.erase(now, 'word right'),
  'ctrl+u': now => edit.erase(now, 'line start'),
  'ctrl+k': now => edit.erase(now, atLineEnd(now) ? 'right' : 'line end'),
  'ctrl+z': edit.undo,
  'ctrl+y': edit.redo,
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

/** What a key does to the text, or asks for. Nothing pasted ever asks for anything. */
export function press(
  now: Editing,
  key: Key,
  page: Page,
): { now: Editing; action?: Action; notice?: string } {
  if (key.kind === 'text') return { now: edit.type(now, sanitizeInput(key.text)) }
  if (key.kind === 'paste') {
    const pasted = edit.paste(now, sanitizeInput(key.text), key.continued)
    return { now: pasted, ...pasteNotice(pasted) }
  }
  const name = ALSO[key.name] ?? key.name
  // Nothing is added to the lines of a paste.
  if (name === 'enter') return { now: key.hurried || page.pasting ? edit.type(now, '\n') : edit.newLine(now) }
  const change = CHANGES[name]
  if (change) return { now: change(now, page) }
  if (name === 'ctrl+v') return { now, notice: `Paste with ${pasteKeys()}.` }
  const action = ACTIONS[name]
  return { now, ...(action && { action }) }
}

function pasteNotice({ text, past }: Editing): { notice?: string } {
  // The first line of a paste goes on with the line that was there.
  const lines = 1 + text.lines.length - (past.at(-1)?.lines.length ?? 1)
  return lines > 2 ? { notice: `Pasted ${lines} lines. Ctrl+Z removes them.` } : {}
}

const EMPTY: Editing = edit.editing('', 0)
/** One line, however wide the window. */
export const ONE_ROW: Page = { wrap: new Wrap(Number.MAX_SAFE_INTEGER), height: 1 }

/** One line being written on a screen. The lines of a paste become one. */
export class LineField {
  #line = EMPTY

  get text(): string {
    return sanitizeInput(edit.textOf(this.#line))
  }

  press(key: Key): void {
    const { now } = press(this.#line, key, ONE_ROW)
    const several = now.text.lines.length > 1
    const text = edit.textOf(now).replace(/\s*\n\s*/g, ' ')
    this.#line = edit.editing(text, several ? text.length : now.text.col)
  }

  /** Empties the field. @returns what stood in it. */
  take(): string {
    const text = this.text.trim()
    this.#line = EMPTY
    return text
  }

  /** The part of the line that fits the width with the caret in it, and the caret's column there. */
  row(width: number): { text: string; caret: number } {
    const whole = edit.textOf(this.#line)
    const line = drawable(whole)
    const caret = drawable(whole.slice(0, this.#line.text.col)).length
    let from = 0
    while (cellsOf(line, from, caret) >= width) from = clusterEnd(line, from)
    let to = caret
    while (to < line.length && cellsOf(line, from, clusterEnd(line, to)) <= width) to = clusterEnd(line, to)
    return { text: line.slice(from, to), caret: cellsOf(line, from, caret) }
  }
}

/**
 * Asks for one line on an empty screen; an empty text at Esc, or when the session ends. `typing` is called with what
 * stands in the line, and not when the session ends.
 */
export async function askLine(live: Live, ask: string, typing: (text: string) => void): Promise<string> {
  const { stage } = live
  const field = new LineField()
  const draw = () => {
    const { text, caret } = field.row(stage.columns - 4)
    const title = clip(`${ask}. Enter saves, Esc: back.`, stage.columns - 1)
    stage.draw([title, '', `› ${text}`], { row: 2, column: 2 + caret })
    return undefined
  }
  stage.clear()
  return untilAsked(
    live,
    () => '',
    draw,
    key => {
      const name = key.kind === 'key' ? key.name : ''
      const left = name === 'escape' || name === 'ctrl+c'
      const done = name === 'enter' || name === 'ctrl+j'
      if (!left && !done) {
        field.press(key)
        typing(field.text)
        return undefined
      }
      typing('')
      return left ? '' : field.take()
    },
  ).finally(() => stage.clear())
}
