import { EventEmitter, on } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { sanitizeInput } from '../../domain/answers.ts'
import { stripControls, UserError } from '../../domain/errors.ts'
import { HALF_COMMAND } from '../messages.ts'
import { type Editing, editing, paste, textOf } from '../terminal/buffer.ts'
import { isTyping, type Key } from '../terminal/key-decoder.ts'
import { RawInput, StallDetector, type Terminal } from '../terminal/keyboard.ts'
import type { Choice } from '../terminal/select.ts'
import { ONE_ROW, press } from '../terminal/textarea.ts'
import { type Echo, LineRenderer } from './line-renderer.ts'

const LINE_ENDS = new Set(['enter', 'ctrl+j', 'shift+enter', 'ctrl+enter', 'alt+enter'])
/** There are no rows to go to. */
const DEAF = new Set(['up', 'down', 'pageup', 'pagedown', 'ctrl+up', 'ctrl+down'])

type Screen = Writable & { isTTY?: boolean; columns?: number }

/**
 * Lines typed at a terminal, each editable while it is typed. Raw, because a terminal left to itself cuts a line at
 * 4,095 bytes. A paste is known by the terminal's marks, or by its arrival in one piece with more than one line.
 * `interrupted` is called at Ctrl+C.
 */
export class TerminalLines implements LineInput {
  readonly terminal: boolean
  readonly #raw: RawInput
  readonly #input: Terminal
  readonly #echo: Echo
  readonly #interrupted: () => void
  readonly #lines = new EventEmitter()
  /** Those that have arrived come before the end. */
  readonly #arrived = on(this.#lines, 'line', { close: ['end'] })
  #ended = false
  readonly #stalls = new StallDetector()
  readonly #renderer: LineRenderer
  #now: Editing = editing('', 0)
  #origin: Origin
  #changed: (() => void) | undefined

  constructor(input: Terminal, output: Screen, echo: Echo, interrupted: () => void) {
    this.#input = input
    this.#echo = echo
    this.#interrupted = interrupted
    this.#renderer = new LineRenderer(output, echo)
    this.terminal = input.isTTY === true && output.isTTY === true
    this.#raw = new RawInput(input, output, echo === 'editable', {
      piece: (piece, now) => this.#take(piece, now),
      late: keys => this.#pass(keys, false),
      continued: () => {
        this.#renderer.breakOff()
        this.#draw()
      },
    })
    for (const event of ['error', 'end']) input.once(event, () => this.#end())
    // At once: what is typed before the first question would else be echoed twice.
    this.#own()
  }

  async next(typing?: () => void): Promise<Line | undefined> {
    this.#changed = typing
    this.#own()
    const { value } = await this.#arrived.next()
    this.#changed = undefined
    return value?.[0]
  }

  #end(): void {
    this.#ended = true
    this.#lines.emit('end')
  }

  unfinished(): string {
    return textOf(this.#now)
  }

  breakOff(): void {
    this.#renderer.breakOff()
  }

  pause(): void {
    if (this.#raw.owning) this.#renderer.breakOff()
    this.#stalls.close()
    this.#raw.release()
    this.#input.pause()
  }

  close(): void {
    this.pause()
    this.#end()
  }

  #own(): void {
    if (this.#raw.owning || this.#ended) return
    this.#raw.own()
    this.#stalls.open()
  }

  #take(piece: string, now: number): void {
    const { decoder } = this.#raw
    if (this.#stalls.typedAhead(piece)) {
      for (const character of piece) this.#pass(decoder.feed(character, now), false)
    } else {
      const keys = decoder.feed(piece, now)
      const together = keys.length > 1 || (keys[0]?.kind === 'text' && [...keys[0].text].length > 1)
      this.#pass(keys, together && !isTyping(piece))
    }
  }

  /** `together`: these arrived in one piece, and nothing in it shows a hand. */
  #pass(keys: readonly Key[], together: boolean): void {
    if (together) this.#came('piece')
    for (const key of keys) {
      if (!this.#raw.owning) return
      if (key.kind === 'paste') this.#paste(sanitizeInput(key.text))
      else if (key.kind === 'key' && LINE_ENDS.has(key.name)) this.#endLine()
      else {
        if (!together) this.#came('hand')
        this.#press(key)
      }
    }
    this.#changed?.()
  }

  #press(key: Key): void {
    const name = key.kind === 'key' ? key.name : ''
    if (name === 'ctrl+c') this.#interrupted()
    else if (name === 'ctrl+d' && textOf(this.#now) === '') this.close()
    else if (!DEAF.has(name)) {
      const known: Key = name === 'ctrl+d' ? { kind: 'key', name: 'delete', hurried: false } : key
      this.#now = press(this.#now, known, ONE_ROW).now
      if (textOf(this.#now) === '') this.#origin = undefined
      this.#draw()
    }
  }

  /** A line that came in several pieces has been put together by a hand. */
  #came(how: Origin): void {
    if (this.#origin !== 'tail') this.#origin = this.#origin === undefined ? how : 'hand'
  }

  #paste(text: string): void {
    this.#now = paste(this.#now, text)
    const { lines, row, col } = this.#now.text
    const rest = lines[row] ?? ''
    for (const [i, line] of lines.slice(0, row).entries())
      this.#put({ text: line, pasted: true, ...((rest !== '' || i < row - 1) && { more: true }) })
    if (row === 0) this.#came('paste')
    else {
      this.#now = editing(rest, col)
      this.#origin = rest === '' ? undefined : 'tail'
    }
    this.#draw()
  }

  #endLine(): void {
    const line = textOf(this.#now)
    const pasted = this.#origin === 'paste' || this.#origin === 'tail'
    // A dumb terminal has no marks for pastes, and hands over whole lines.
    const doubtful = this.#origin === 'piece' && this.#echo === 'editable'
    this.#now = editing('', 0)
    this.#origin = undefined
    const text = !pasted && /^\.[ \t]+$/.test(line) ? '.' : line
    this.#put({ text, pasted, ...(doubtful && { doubtful }) })
  }

  #put(line: Line): void {
    this.#renderer.end(line.text)
    this.#lines.emit('line', line)
  }

  #draw(): void {
    this.#renderer.draw(textOf(this.#now), this.#now.text.col)
  }
}

/** How the text of a line came; a tail is what a paste of several lines left for a person to end. */
type Origin = 'hand' | 'piece' | 'paste' | 'tail' | undefined

/** One line of input. A line that came in a paste is text whatever it says, never a command. */
export interface Line {
  text: string
  pasted: boolean
  /** Whether more of the same paste follows it. */
  more?: boolean
  /** It came in one piece, where a person's keys come one by one and pastes with marks: nobody can tell who sent it. */
  doubtful?: boolean
}

export interface LineInput {
  /** The next line; undefined when there are no more. `typing` is called whenever the unfinished line changes. */
  next(typing?: () => void): Promise<Line | undefined>
  /** What has been typed of a line that is not ended yet. */
  unfinished(): string
  /** Whether a person sits at a terminal, which an editor could be given. */
  readonly terminal: boolean
  /** Leaves the row on which somebody is typing, so that what is said next stands on rows of its own. */
  breakOff(): void
  /** Lets go of the input, so that an editor may read it, until `next` is called again. */
  pause(): void
  /** Who waits for a line is told that there are no more. */
  close(): void
}

/** Lines from a pipe or a file, to the character; nothing in them is a paste. */
export function pipedLines(input: Readable): LineInput {
  const lines = linesOf(input)
  const next = async () => (await lines.next()).value || undefined
  const close = () => void input.destroy()
  return { next, unfinished: () => '', terminal: false, breakOff() {}, pause() {}, close }
}

/** @throws UserError at what is not UTF-8, after the lines in front of it. */
async function* linesOf(input: Readable): AsyncGenerator<Line, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  let count = 0
  const cut = (text: string): Line[] => {
    const lines = text.split('\n')
    lines[0] = rest + lines[0]
    rest = lines.pop() ?? ''
    count += lines.length
    return lines.map(line => ({ text: line.replace(/\r$/, ''), pasted: false }))
  }
  const chunks = input[Symbol.asyncIterator]()
  for (let ended = false; !ended; ) {
    const chunk = await chunks.next().catch(() => undefined)
    // It can't be read, or was closed.
    if (!chunk) return
    ended = chunk.done === true
    try {
      yield* cut(decoder.decode(chunk.value, { stream: !ended }))
    } catch {
      input.destroy()
      yield* cut(new TextDecoder().decode(chunk.value).split('\ufffd')[0] ?? '')
      throw new UserError(
        `Line ${count + 1} of the input is not UTF-8 text. What was answered above it is saved; the rest was not read.`,
        1,
      )
    }
  }
  if (rest !== '') yield { text: rest, pasted: false }
}

/* Saying and asking in those lines. */

export type Prompter = ReturnType<typeof openPrompter>

/** Lines that can be given back. */
function heldLines(input: LineInput, leaving: AbortSignal) {
  let ended = false
  let held: Line[] = []
  return {
    async read(typing?: () => void) {
      const line = held.shift() ?? (leaving.aborted ? undefined : await input.next(typing))
      if (!line && !leaving.aborted) ended = true
      return line
    },
    /** Gives lines back, so that they are the next ones. */
    hold(lines: readonly Line[]) {
      held = [...lines, ...held]
    },
    /** Whether the input ended, so that nobody chose to leave. */
    ended: () => ended,
  }
}

/** Saying and asking in lines of text alone. */
export function openPrompter(input: LineInput, write: (text: string) => void, leaving: AbortSignal) {
  const say = (text: string) => {
    input.breakOff()
    write(`${stripControls(text)}\n`)
  }
  const lines = heldLines(input, leaving)
  /** The person has said that they meant a command that came in one piece: their lines arrive whole. */
  let trusted = false
  /** The next line, or undefined when the session has to end: the input ended, or the person stopped it. */
  const nextLine = async (typing?: () => void): Promise<Line | undefined> => {
    const line = await lines.read(typing)
    if (!line?.doubtful || trusted || !COMMAND.test(line.text)) return line
    const { text } = line
    say(`Run ${text}? y, or ${text} again. Anything else keeps it as text.`)
    const answer = await lines.read(typing)
    const said = answer?.pasted ? '' : answer?.text.trim().toLowerCase()
    trusted = said === 'y' || said === 'yes' || said === text.trim().toLowerCase()
    if (trusted) return { text, pasted: false }
    if (answer && said !== 'n' && said !== 'no') lines.hold([answer])
    return { text, pasted: true }
  }
  return {
    say,
    nextLine,
    hold: lines.hold,
    ended: lines.ended,
    /** What has been typed of a line that is not ended yet. */
    unfinished: () => input.unfinished(),
    /** See {@link chooseByNumber}. */
    async choose<T>(
      ask: string,
      choices: readonly Choice<T>[],
      between?: string,
      other?: Other<T>,
    ): Promise<T | undefined> {
      say(ask)
      if (lines.ended() || leaving.aborted) return undefined
      return chooseByNumber(choices, () => nextLine(), say, between, other)
    },
  }
}

const COMMAND = /^(?:\.|:[a-z].*)$/i

/** Takes what is neither a number nor a command, and so somebody's words. @returns the choice that is meant by them. */
type Other<T> = (line: string) => Choice<T> | undefined

/**
 * Asks until a choice's letter, number or name is said; undefined when the input ends, or at `:quit`. A paste is never
 * a choice.
 */
export async function chooseByNumber<T>(
  choices: readonly Choice<T>[],
  nextLine: () => Promise<Line | undefined>,
  say: (text: string) => void,
  between = ' · ',
  other: Other<T> = () => undefined,
): Promise<T | undefined> {
  const list = choices.map(({ name, key }, i) => `${key?.toUpperCase() ?? i + 1} ${name}`).join(between)
  const keys = choices.filter(({ key }) => key !== undefined).length
  const hint =
    keys === 0
      ? `Type a number from 1 to ${choices.length}.`
      : `Type a letter${keys < choices.length ? ' or number' : ''} from the list.`
  say(list)
  for (;;) {
    const line = await nextLine()
    const said = line?.pasted ? '' : line?.text.trim().toLowerCase()
    if (line === undefined || said === undefined || said === ':quit') return undefined
    const isCommand = !line.pasted && (HALF_COMMAND.test(said) || /^\d+$/.test(said))
    const isWords = !isCommand && line.text.trim() !== ''
    const chosen =
      choices[Number(said.replace(/[.)]$/, '')) - 1] ??
      choices.find(({ name, key }) => key === said || isCalled(name, said)) ??
      (isWords ? other(line.text) : undefined)
    if (chosen) return chosen.value
    if (said === ':help') say(list)
    say(said.startsWith(':') || said === '.' ? `${hint} :quit leaves this, :help lists the choices.` : hint)
  }
}

/** A choice by its whole name, or by what stands in front of its colon. */
const isCalled = (name: string, said: string) =>
  said !== '' && [name, name.split(':')[0]].some(each => each?.toLowerCase() === said)
