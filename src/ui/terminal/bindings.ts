import { typed } from '../../domain/answers.ts'
import { pasteKeys } from '../hints.ts'
import { type Editing, erase, go, goRowEdge, goRows, paste, redo, type, undo } from './buffer.ts'
import type { Key } from './keys.ts'
import type { Wrap } from './wrap.ts'

/** What a key asks for beyond the text itself. */
export type Action = 'save' | 'menu' | 'back' | 'edit' | 'interrupt'

/** The screen as the moves by rows need to know it. */
export interface Page {
  wrap: Wrap
  height: number
}

type Change = (now: Editing, page: Page) => Editing

const CHANGES: Record<string, Change> = {
  enter: now => type(now, '\n'),
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
  'shift+tab': 'back',
  'ctrl+o': 'edit',
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
  'ctrl+shift+z': 'ctrl+y',
  'shift+left': 'left',
  'shift+right': 'right',
  'shift+up': 'up',
  'shift+down': 'down',
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
  if (key.kind === 'text') return { now: type(now, typed(key.text)) }
  if (key.kind === 'paste') {
    const pasted = paste(now, typed(key.text), key.continued)
    return { now: pasted, ...pasteNotice(pasted) }
  }
  const name = ALSO[key.name] ?? key.name
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
