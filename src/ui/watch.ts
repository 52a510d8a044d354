import type { WriteStream } from 'node:tty'
import { typed } from '../domain/answers.ts'
import type { Guide, Question } from '../domain/guide.ts'
import { elapsed, jotLine, type Stopwatch, toggled } from '../domain/jots.ts'
import { onStopwatch } from '../domain/time-of-day.ts'
import { JotKeeper } from './jot-keeper.ts'
import type { Sitting } from './session-port.ts'
import { press } from './terminal/bindings.ts'
import { type Editing, editing, textOf } from './terminal/buffer.ts'
import { chalk } from './terminal/colour.ts'
import { inDigits } from './terminal/digits.ts'
import { clip, contentWidth } from './terminal/frame.ts'
import { cellsOf, clusterEnd, drawable } from './terminal/graphemes.ts'
import type { Keyboard } from './terminal/keyboard.ts'
import type { Key } from './terminal/keys.ts'
import { Stage } from './terminal/renderer.ts'
import { Wrap } from './terminal/wrap.ts'

/** Watches until the person is done. @returns the jots that could not be saved. */
export type Watch = (about: { guide: Guide; question?: Question }) => Promise<string[]>

/** Watching with a stopwatch on the screen: Enter keeps a line as a jot, at the time at which it was begun. */
export function watchOnScreen(
  keyboard: Keyboard,
  screen: WriteStream,
  { clock, jot, hold, leaving }: Pick<Sitting, 'clock' | 'jot' | 'hold' | 'leaving'>,
): Watch {
  const watching = new Watching(new Stage(screen), clock, jot)
  return async ({ guide, question }) => {
    let held = ''
    const holdAll = () => {
      const now = watching.inHand()
      if (now !== held) hold(now, question?.id)
      held = now
    }
    watching.begin(guide)
    await new Promise<void>(resolve => {
      const ticking = setInterval(() => {
        watching.draw()
        // What was in hand may have been saved by now.
        holdAll()
      }, 250)
      const off = watching.stage.onResize(() => watching.draw())
      const done = () => {
        clearInterval(ticking)
        keyboard.hold()
        off()
        leaving.removeEventListener('abort', done)
        resolve()
      }
      leaving.addEventListener('abort', done)
      keyboard.listen(key => {
        const ended = watching.press(key)
        holdAll()
        if (ended) done()
        else watching.draw()
      })
      watching.draw()
    })
    const unsaved = await watching.end()
    if (!leaving.aborted) hold('')
    return unsaved
  }
}

const MARK = '› '
const EMPTY: Editing = editing('', 0)
/** A jot is one line, however wide the window. */
const ONE_ROW = new Wrap(Number.MAX_SAFE_INTEGER)
const DONE = new Set(['escape', 'ctrl+c', 'ctrl+s'])
const ENTER = new Set(['enter', 'ctrl+j'])

/** The stopwatch, the lines kept so far, and the one being written. */
class Watching {
  readonly stage: Stage
  readonly #clock: () => number
  readonly #keeper: JotKeeper
  readonly #kept: string[] = []
  #guide: Guide | undefined
  #stopwatch: Stopwatch = { minutes: 0 }
  #line = EMPTY
  /** What the stopwatch said when the line was begun. */
  #begun: number | undefined

  constructor(stage: Stage, clock: () => number, jot: Sitting['jot']) {
    this.stage = stage
    this.#clock = clock
    this.#keeper = new JotKeeper(jot)
  }

  begin(guide: Guide): void {
    this.#guide = guide
    if (this.#stopwatch.since === undefined) this.#toggle()
  }

  /** @returns whether the person is done. */
  press(key: Key): boolean {
    const name = key.kind === 'key' ? key.name : ''
    if (DONE.has(name)) return true
    if (name === 'tab') this.#toggle()
    else if (ENTER.has(name)) this.#keep()
    else this.#write(key)
    return false
  }

  /** What stands in the line is as much a jot as those before it. */
  async end(): Promise<string[]> {
    this.stage.clear()
    this.#keep()
    if (this.#stopwatch.since !== undefined) this.#toggle()
    return this.#keeper.end()
  }

  /** The line that is being written, and those that wait to be saved. */
  inHand(): string {
    return [...this.#keeper.waiting, textOf(this.#line)].join('\n').trim()
  }

  #toggle(): void {
    this.#stopwatch = toggled(this.#stopwatch, this.#clock())
  }

  get #minutes(): number {
    return elapsed(this.#stopwatch, this.#clock())
  }

  #write(key: Key): void {
    const { now } = press(this.#line, key, { wrap: ONE_ROW, height: 1 })
    const several = now.text.lines.length > 1
    const text = textOf(now).replace(/\s*\n\s*/g, ' ')
    this.#line = editing(text, several ? text.length : now.text.col)
    this.#begun = text === '' ? undefined : (this.#begun ?? this.#minutes)
  }

  #keep(): void {
    const text = typed(textOf(this.#line)).trim()
    if (text !== '' && this.#guide) {
      const said = jotLine(this.#guide, this.#begun ?? this.#minutes, text)
      this.#kept.push(said)
      void this.#keeper.keep(said)
    }
    this.#line = EMPTY
    this.#begun = undefined
  }

  draw(): void {
    const { columns, rows } = this.stage
    const width = contentWidth(columns)
    const runs = this.#stopwatch.since !== undefined
    const time = onStopwatch(this.#minutes)
    const colour = runs ? chalk.green : chalk.dim
    const head = rows >= 10 ? [...inDigits(time).map(row => colour(row)), ''] : [time]
    const room = Math.max(0, rows - head.length - 2)
    const shown = this.#kept
      .slice(Math.max(0, this.#kept.length - room))
      .map(text => clip(drawable(text), width))
    const gap = Array.from({ length: room - shown.length }, () => '')
    const text = textOf(this.#line)
    const caret = drawable(text.slice(0, this.#line.text.col)).length
    const line = aroundCaret(drawable(text), caret, width - MARK.length)
    const page = [...head, ...gap, ...shown, this.#below(runs, width), MARK + line.text]
    this.stage.draw(page, { row: page.length - 1, column: MARK.length + line.caret })
  }

  #below(runs: boolean, width: number): string {
    const { trouble } = this.#keeper
    if (trouble !== '')
      return chalk.yellow(clip(drawable(`Not saved yet, tried again with the next: ${trouble}`), width))
    const clock = runs ? 'stops the clock' : 'goes on'
    return chalk.dim(clip(`Enter keeps a line · Esc done · Tab ${clock} · a2 before it sorts it`, width))
  }
}

/** The part of a line that fits the width with the caret in it, and where the caret stands there. */
function aroundCaret(line: string, caret: number, width: number): { text: string; caret: number } {
  let from = 0
  while (cellsOf(line, from, caret) >= width) from = clusterEnd(line, from)
  let to = caret
  while (to < line.length && cellsOf(line, from, clusterEnd(line, to)) <= width) to = clusterEnd(line, to)
  return { text: line.slice(from, to), caret: cellsOf(line, from, caret) }
}
