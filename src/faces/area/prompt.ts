import type { WriteStream } from 'node:tty'
import { createPrompt, useEffect, useKeypress, useRef, useState } from '@inquirer/core'
import type { Keyboard } from '../keyboard.ts'
import { type Action, press } from './bindings.ts'
import type { Frame, FrameInput } from './frame.ts'
import { uncoloured } from './graphemes.ts'
import type { Key } from './keys.ts'
import type { Editing, ScreenRow } from './text.ts'
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
  /** Called at every change; `much` when a paste brought a lot at once. */
  changed(editing: Editing, much: boolean): void
  /** What the first Ctrl+C says; the second leaves. `armed`: the first was pressed in a menu. */
  interruptNotice: string
  armed: boolean
  screen: WriteStream
  leaving: AbortSignal
}

export interface Left extends Area {
  action: Exclude<Action, 'interrupt'> | 'leave'
  interrupted: boolean
}

const CLEAR = '\u001b[H\u001b[2J'

/**
 * The thin side towards Inquirer, which draws. Its readline would take every key apart and cost more the longer the
 * text grows, so keys come as events of an unknown name with the real key inside.
 */
const areaPrompt = createPrompt<Left, AreaConfig & { hold(): void }>((config, resolve) => {
  const { screen, leaving } = config
  const done = (left: Left) => {
    // What is pressed from now on is for the next question, even in the same breath.
    config.hold()
    resolve(left)
  }
  const area = useRef<Area>(config.area)
  const interrupted = useRef(config.armed)
  const caret = useRef({ column: 0, length: 0 })
  const wrap = useRef<Wrap | undefined>(undefined)
  const [, redraw] = useState(0)
  const again = () => redraw(Math.random())

  useEffect(readline => {
    // Inquirer's own caret can stand only at the end of the text.
    readline.getCursorPos = () => ({
      rows: Math.floor(caret.current.length / columnsOf(screen)),
      cols: caret.current.column,
    })
    const resized = () => {
      // Where a terminal moves the caret when it breaks its rows anew is anybody's guess.
      screen.write(CLEAR)
      again()
    }
    const leave = () => done({ ...area.current, action: 'leave', interrupted: false })
    screen.on('resize', resized)
    leaving.addEventListener('abort', leave)
    again()
    return () => {
      screen.off('resize', resized)
      leaving.removeEventListener('abort', leave)
    }
  }, [])

  const page = drawNow()
  useKeypress(event => {
    const { key } = event as unknown as { key?: Key }
    if (!key) return
    const before = area.current.editing
    const { now, action, notice } = press(before, key, page)
    const wasInterrupted = interrupted.current
    interrupted.current = action === 'interrupt'
    area.current = { editing: now, top: area.current.top, ...(notice && { notice }) }
    if (now.text.lines !== before.text.lines) config.changed(now, key.kind === 'paste')
    if (action === 'interrupt' && !wasInterrupted) {
      config.changed(now, true)
      area.current = { ...area.current, notice: config.interruptNotice }
    } else if (action) {
      done({
        ...area.current,
        action: action === 'interrupt' ? 'leave' : action,
        interrupted: action === 'interrupt',
      })
      return
    }
    again()
  })
  return page.content

  function drawNow() {
    const columns = columnsOf(screen)
    const input = {
      ...area.current,
      columns,
      rows: screen.rows || 24,
      wrapFor: (width: number) => wrapOf(wrap, width),
    }
    const frame = config.draw(input)
    area.current = { ...area.current, top: frame.top }
    const upTo = frame.rows.slice(0, frame.caret.row + 1)
    // Inquirer adds an empty row when the length of the last one is a multiple of the width.
    const last = upTo.at(-1) ?? ''
    const length = uncoloured(last).length
    if (length % columns === 0) upTo[upTo.length - 1] = `${last} `
    caret.current = { column: frame.caret.column, length: length % columns === 0 ? length + 1 : length }
    return {
      wrap: wrapOf(wrap, frame.textWidth),
      height: frame.areaHeight,
      content: [upTo.join('\n'), frame.rows.slice(frame.caret.row + 1).join('\n')] as [string, string],
    }
  }
})

const columnsOf = (screen: WriteStream) => screen.columns || 80

function wrapOf(kept: { current: Wrap | undefined }, width: number): Wrap {
  if (kept.current?.width !== width) kept.current = new Wrap(width)
  return kept.current
}

/** Lets the person write until a key asks for something else; the area then leaves the screen. */
export function writeInArea(config: AreaConfig, keyboard: Keyboard): Promise<Left> {
  const prompt = areaPrompt(
    { ...config, hold: () => keyboard.hold() },
    { input: keyboard.input, output: config.screen, clearPromptOnDone: true },
  )
  keyboard.listen(key => {
    keyboard.input.emit('keypress', undefined, {
      name: 'writing',
      sequence: '',
      ctrl: false,
      meta: false,
      shift: false,
      key,
    })
  })
  return prompt
}
