import { Writable } from 'node:stream'
import { capitalized } from '../../domain/guide.ts'
import type { Key, Keyboard, Live } from './keyboard.ts'
import { clip, contentWidth, keyRows, paint } from './layout.ts'
import { CLEAR_ALL, type RowRenderer } from './renderer.ts'
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

/** Which choice is pointed at, and what is being searched for in a list. */
interface Pointer {
  at: number
  sought?: string | undefined
}

/**
 * Lets the person choose one of a few things, by letter, number, or arrows and Enter; undefined at Esc or when the
 * session ends. Nothing pasted ever chooses.
 */
export async function select<T>(live: Live, menu: Menu<T>): Promise<T | undefined> {
  if (menu.choices.length === 0) return undefined
  const first = menu.choices.findIndex(({ value }) => value === menu.first)
  const pointer: Pointer = { at: Math.max(0, first) }
  for (;;) {
    const outcome = await chooseOnce(live, menu, pointer)
    if (outcome !== 'resized') return outcome.chosen
    live.stage.screen.write(CLEAR_ALL)
  }
}

async function chooseOnce<T>(
  { keyboard, stage, leaving }: Live,
  menu: Menu<T>,
  pointer: Pointer,
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
  const stopListening = listen(keyboard, menu, pointer, () => closed.abort())
  try {
    const context = {
      input: keyboard.input,
      output: erasingFromStart(stage),
      clearPromptOnDone: true,
      signal: AbortSignal.any([left, resized.signal]),
    }
    const at = await select<number>(
      { ...drawn(menu, stage, pointer), choices: rows, default: pointer.at },
      context,
    )
    return { chosen: menu.choices[at]?.value }
  } catch (error) {
    if (left.aborted) return { chosen: undefined }
    if (resized.signal.aborted) return 'resized'
    throw error
  } finally {
    stopListening()
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
function drawn<T>(menu: Menu<T>, stage: RowRenderer, pointer: Pointer) {
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
    pointer.sought === undefined ? keyRows(hints, width, 1)[0] : clip(`Search for: ${pointer.sought}`, width)
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
 * @returns how to stop waiting for more figures.
 */
function listen<T>(
  keyboard: Keyboard,
  { choices, interrupted, pasteCloses }: Menu<T>,
  pointer: Pointer,
  close: () => void,
): () => void {
  const last = choices.length - 1
  let due: NodeJS.Timeout | undefined
  let number = 0
  /** What may turn out to be the beginning of a paste. */
  let typed: Key[] = []
  let lastTyped = 0
  const emit = (name: string) =>
    keyboard.input.emit('keypress', undefined, { name, sequence: '', ctrl: false, meta: false, shift: false })
  const move = (to: number) => {
    const target = Math.min(last, Math.max(0, to))
    for (; pointer.at < target; pointer.at++) emit('down')
    for (; pointer.at > target; pointer.at--) emit('up')
  }
  /** `whole`: it cannot become another one, as "1" can become "12". */
  const point = (to: number, whole: boolean) => {
    if (to < 0 || to > last) return
    move(to)
    due = setTimeout(() => whole && emit('enter'), CHOICE_MS)
  }
  const seek = (sought: string | undefined) => {
    pointer.sought = sought
    const words = sought?.trim().toLowerCase()
    const found = words ? choices.findIndex(({ name }) => name.toLowerCase().includes(words)) : -1
    // There and back draws the list again where the pointer stays.
    for (const name of pointer.at < last ? ['down', 'up'] : ['up', 'down']) emit(name)
    if (found >= 0) move(found)
  }
  const write = (text: string) => {
    if (text === '/' && !hasLetters(choices)) return seek('')
    for (const character of text) {
      const meant = choices.findIndex(({ key }) => key === character.toLowerCase())
      if (!/\d/.test(character)) point(meant, true)
      else {
        const longer = number * 10 + Number(character)
        number = longer <= choices.length ? longer : Number(character)
        point(number - 1, number * 10 > choices.length)
      }
    }
  }
  keyboard.listen(key => {
    clearTimeout(due)
    if (pointer.sought !== undefined && key.kind !== 'key') return seek(pointer.sought + key.text)
    if (key.kind === 'paste' || key.hurried) {
      if (!pasteCloses) return
      keyboard.giveBack([...typed, key])
      return close()
    }
    if (key.kind === 'text') {
      const now = performance.now()
      typed = now - lastTyped < SLOW_PASTE_MS ? [...typed, key] : [key]
      lastTyped = now
      if (/^(?:.|\d{1,3})$/.test(key.text)) write(key.text)
      return
    }
    number = 0
    if (pointer.sought !== undefined && key.name === 'backspace')
      return seek([...pointer.sought].slice(0, -1).join(''))
    if (pointer.sought !== undefined && key.name === 'escape') return seek(undefined)
    if (key.name === 'ctrl+c') interrupted?.()
    if (key.name === 'escape' || key.name === 'ctrl+c') return close()
    const by = MOVES.get(key.name)
    if (by !== undefined) move(pointer.at + by)
    else if (key.name === 'enter' || key.name === 'ctrl+j') emit('enter')
  })
  return () => clearTimeout(due)
}
