import type { WriteStream } from 'node:tty'
import { elapsed, jotLine, jotsIn, type Stopwatch, sanitizeInput, toggled } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import type { Guide, Question } from '../domain/guide.ts'
import { onStopwatch } from '../domain/plan.ts'
import { jotCount } from './messages.ts'
import type { Prompter } from './plain/prompter.ts'
import type { SessionServices } from './session-port.ts'
import { type Editing, editing, textOf } from './terminal/buffer.ts'
import { inDigits } from './terminal/facilitation-view.ts'
import type { Key, Keyboard } from './terminal/keyboard.ts'
import { clip, contentWidth } from './terminal/layout.ts'
import { chalk, FullScreen } from './terminal/renderer.ts'
import { press } from './terminal/textarea.ts'
import { cellsOf, clusterEnd, drawable, Wrap } from './terminal/wrap.ts'

/** Watches until the person is done. @returns the jots that could not be saved. */
export type Watch = (about: { guide: Guide; question?: Question }) => Promise<string[]>

/** Watching with a stopwatch on the screen: Enter keeps a line as a jot, at the time at which it was begun. */
export function terminalWatch(
  keyboard: Keyboard,
  screen: WriteStream,
  { clock, jot, saveScratch, leaving }: Pick<SessionServices, 'clock' | 'jot' | 'saveScratch' | 'leaving'>,
): Watch {
  const watching = new Watching(new FullScreen(screen), clock, jot)
  return async ({ guide, question }) => {
    let held = ''
    const holdAll = () => {
      const now = watching.inHand()
      if (now !== held) saveScratch(now, question?.id)
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
    if (!leaving.aborted) saveScratch('')
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
  readonly stage: FullScreen
  readonly #clock: () => number
  readonly #keeper: JotKeeper
  readonly #kept: string[] = []
  #guide: Guide | undefined
  #stopwatch: Stopwatch = { minutes: 0 }
  #line = EMPTY
  /** What the stopwatch said when the line was begun. */
  #begun: number | undefined

  constructor(stage: FullScreen, clock: () => number, jot: SessionServices['jot']) {
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
    const text = sanitizeInput(textOf(this.#line)).trim()
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

const HOW_TO =
  'Start the video now. Each line is a jot, kept with its time. A label before it, such as a2, puts it to that question. A line with a single dot ends. :help tells what else there is.'

const HELP = `A line with a single dot   ends watching; the stopwatch stops
:pause                     the stopwatch stands still, and goes on at the next :pause
:time                      what the stopwatch says
:set 4:20                  set the stopwatch to the time of the video
a2 and a space             the jot belongs to question 2 of Element A about the story
Two colons begin a jot with a colon.`

/** Watching with a stopwatch: every line is kept at once as a jot. The stopwatch goes on where it stood. */
export function plainWatch(
  talk: Prompter,
  { clock, jot, saveScratch, leaving }: Pick<SessionServices, 'clock' | 'jot' | 'saveScratch' | 'leaving'>,
): Watch {
  const { say } = talk
  const keeper = new JotKeeper(jot)
  let stopwatch: Stopwatch = { minutes: 0 }
  const now = () => elapsed(stopwatch, clock())
  const toggle = () => {
    stopwatch = toggled(stopwatch, clock())
  }
  const set = (minutes: number) => {
    stopwatch = { minutes, ...(stopwatch.since !== undefined && { since: clock() }) }
  }
  const commands = commandsOf({ say, now, toggle, set, runs: () => stopwatch.since !== undefined })

  const keep = async (guide: Guide, said: string) => {
    const text = jotLine(guide, now(), said)
    await keeper.keep(text)
    const [{ question } = {}] = jotsIn(guide, text)
    say(
      keeper.trouble === ''
        ? `Kept at ${onStopwatch(now())}${question ? ` for ${question.id}` : ''}.`
        : `Not saved yet, and tried again with the next: ${keeper.trouble}`,
    )
  }

  return async ({ guide, question }) => {
    // What waits to be saved is held with the line that is being typed.
    const holdAll = (line = '') => saveScratch([...keeper.waiting, line].join('\n').trim(), question?.id)
    const nextLine = () =>
      talk.nextLine(() => holdAll(/^\s*[:.]/.test(talk.unfinished()) ? '' : talk.unfinished()))
    if (stopwatch.since === undefined) toggle()
    say(`The stopwatch runs from ${onStopwatch(now())}. ${HOW_TO}`)
    let kept = 0
    for (let line = await nextLine(); line; line = await nextLine()) {
      const said = line.text.trim()
      const [, name = '', argument = ''] = (!line.pasted && /^:([a-z]+)\s*(.*)$/.exec(said)) || []
      if ((said === '.' && !line.pasted) || name === 'done' || name === 'quit') break
      if (said === '') continue
      if (Object.hasOwn(commands, name)) commands[name]?.(argument)
      else {
        await keep(guide, said.replace(/^::/, ':'))
        kept++
        holdAll()
        if (name !== '')
          say(`(":${name}" is no command here, so it was kept as a jot. :help lists the commands.)`)
      }
    }
    if (stopwatch.since !== undefined) toggle()
    const unsaved = await keeper.end()
    if (!leaving.aborted) saveScratch('')
    say(`The stopwatch stands at ${onStopwatch(now())}. ${jotCount(kept - unsaved.length)} kept.`)
    return unsaved
  }
}

interface Clock {
  say(text: string): void
  /** Minutes. */
  now(): number
  toggle(): void
  set(minutes: number): void
  runs(): boolean
}

function commandsOf({ say, now, toggle, set, runs }: Clock): Record<string, (argument: string) => void> {
  const time = () => onStopwatch(now())
  return {
    pause() {
      toggle()
      say(runs() ? `It goes on from ${time()}.` : `The stopwatch stands at ${time()}.`)
    },
    time: () => say(`${time()}${runs() ? '' : ', and stands still'}.`),
    set(argument) {
      const parts = /^(\d{1,3}):([0-5]\d)$/.exec(argument)
      if (!parts) return say('Say minutes and seconds, as in :set 4:20.')
      set(Number(parts[1]) + Number(parts[2]) / 60)
      say(`The stopwatch is set to ${time()}.`)
    },
    help: () => say(HELP),
  }
}

/**
 * Keeps jots one after the other. One that cannot be saved just now, as in notes that somebody has broken, waits and
 * is tried again with the next; what waits at the end is for whoever called to keep.
 */
export class JotKeeper {
  readonly #jot: (line: string) => Promise<void>
  readonly #waiting: string[] = []
  #saving: Promise<void> = Promise.resolve()
  /** Why something waits; empty if nothing does. */
  trouble = ''

  get waiting(): readonly string[] {
    return this.#waiting
  }

  constructor(jot: (line: string) => Promise<void>) {
    this.#jot = jot
  }

  /** @returns when all that could be saved is. */
  keep(...lines: string[]): Promise<void> {
    this.#waiting.push(...lines)
    this.#saving = this.#saving.then(() => this.#save())
    // Whoever waits for it is told; while nobody does, it must not end the program.
    this.#saving.catch(() => {})
    return this.#saving
  }

  /** Tries once more. @returns what could not be saved, which is then not here any more. */
  async end(): Promise<string[]> {
    await this.keep()
    return this.#waiting.splice(0)
  }

  async #save(): Promise<void> {
    this.trouble = ''
    for (const line of [...this.#waiting]) {
      try {
        await this.#jot(line)
        this.#waiting.splice(this.#waiting.indexOf(line), 1)
      } catch (error) {
        this.trouble = sentenceOf(error)
      }
    }
  }
}
