import { elapsed, jotLine, jotsIn, type Stopwatch, toggled } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import { type Guide, placeName, type Question } from '../domain/guide.ts'
import { onStopwatch } from '../domain/plan.ts'
import { HALF_COMMAND, jotCount, nearCommand } from './messages.ts'
import type { Prompter } from './plain/line-reader.ts'
import type { SessionServices } from './session-port.ts'
import { inDigits } from './terminal/facilitation-view.ts'
import { type Key, type Live, untilAsked } from './terminal/keyboard.ts'
import { clip, contentWidth, paint } from './terminal/layout.ts'
import { FullScreen } from './terminal/renderer.ts'
import { LineField } from './terminal/textarea.ts'
import { wrapped } from './terminal/wrap.ts'

/** Watches until the person is done. @returns the jots that could not be saved. */
export type Watch = (about: { guide: Guide; question?: Question }) => Promise<string[]>

type Services = Pick<SessionServices, 'clock' | 'jot' | 'saveScratch' | 'leaving'>

/**
 * A stopwatch, and jots saved one after the other. A jot that can't be saved now is tried again with the next; those
 * that are left at the end are for the caller to keep.
 */
class Watching {
  readonly #services: Services
  readonly #waiting: string[] = []
  #stopwatch: Stopwatch = { minutes: 0 }
  #saving: Promise<void> = Promise.resolve()
  /** Why a jot waits, or empty. */
  trouble = ''

  constructor(services: Services) {
    this.#services = services
  }

  get running(): boolean {
    return this.#stopwatch.since !== undefined
  }

  get minutes(): number {
    return elapsed(this.#stopwatch, this.#services.clock())
  }

  get time(): string {
    return onStopwatch(this.minutes)
  }

  toggle(): void {
    this.#stopwatch = toggled(this.#stopwatch, this.#services.clock())
  }

  set(minutes: number): void {
    this.#stopwatch = { minutes, ...(this.running && { since: this.#services.clock() }) }
  }

  /** @returns when every jot that could be saved is. */
  keep(...jots: string[]): Promise<void> {
    this.#waiting.push(...jots)
    this.#saving = this.#saving.then(() => this.#save())
    // A caller that waits gets the error; while none does, it must not end the program.
    this.#saving.catch(() => {})
    return this.#saving
  }

  async #save(): Promise<void> {
    this.trouble = ''
    for (const jot of [...this.#waiting]) {
      try {
        await this.#services.jot(jot)
        this.#waiting.splice(this.#waiting.indexOf(jot), 1)
      } catch (error) {
        this.trouble = sentenceOf(error)
      }
    }
  }

  /** Keeps the jots that wait, and the line being written, as a draft. */
  hold(line: string, question: Question | undefined): void {
    this.#services.saveScratch([...this.#waiting, line].join('\n').trim(), question?.id)
  }

  /** Stops, and tries once more. @returns the jots that could not be saved. */
  async end(): Promise<string[]> {
    if (this.running) this.toggle()
    await this.keep()
    if (!this.#services.leaving.aborted) this.#services.saveScratch('')
    return this.#waiting.splice(0)
  }
}

const notSaved = (trouble: string) => `Not saved yet; will try again with the next jot: ${trouble}`

const DONE = new Set(['escape', 'ctrl+c', 'ctrl+s'])
const ENTER = new Set(['enter', 'ctrl+j', 'shift+enter'])
const MARK = '› '

/** Watching with a stopwatch on the screen. A jot gets the time at which its line was begun. */
export function terminalWatch(live: Live, services: Services): Watch {
  const watching = new Watching(services)
  const stage = new FullScreen(live.stage.screen)
  const field = new LineField()
  const kept: string[] = []
  let begun: number | undefined
  const keep = (guide: Guide) => {
    const said = field.take()
    if (said !== '') kept.push(jotLine(guide, begun ?? watching.minutes, said))
    begun = undefined
    return said === '' ? [] : kept.slice(-1)
  }
  const pressing = (guide: Guide) => (key: Key) => {
    const name = key.kind === 'key' ? key.name : ''
    if (DONE.has(name)) return true
    if (name === 'tab') watching.toggle()
    else if (ENTER.has(name)) void watching.keep(...keep(guide))
    else {
      field.press(key)
      begun = field.text === '' ? undefined : (begun ?? watching.minutes)
    }
    return undefined
  }
  return async ({ guide, question }) => {
    if (!watching.running) watching.toggle()
    const draw = () => {
      // What was in hand may have been saved by now.
      watching.hold(field.text, question)
      drawWatch(stage, watching, { guide, question, kept, field })
      return undefined
    }
    await untilAsked({ ...live, stage }, () => true, draw, pressing(guide))
    stage.clear()
    // What stands in the line is as much a jot as those before it.
    await watching.keep(...keep(guide))
    watching.hold('', question)
    return watching.end()
  }
}

/** What files a jot under a question, as it is shown: `A2`. */
const labelFor = ({ element, number }: Question) => `${element?.id.toUpperCase() ?? ''}${number}`

/** The questions about the story in a question's element, or in all. */
const storiesOf = ({ questions }: Guide, of?: Question): Question[] =>
  questions.filter(({ kind, element }) => kind === 'story' && (!of || element === of.element))

/** A label that files a jot here, with the question that it means, in words; none in a guide without stories. */
function exampleFor(guide: Guide, of?: Question): { label: string; place: string } | undefined {
  const stories = storiesOf(guide, of)
  const question = stories.find(({ number }) => number === 2) ?? stories[0]
  if (!question) return undefined
  const place = `${placeName(guide, question)}, question ${question.number}`
  return { label: labelFor(question).toLowerCase(), place }
}

/** In a lower window the jots come first. */
const LEAST_JOTS = 4

interface WatchView {
  guide: Guide
  question: Question | undefined
  kept: readonly string[]
  field: LineField
}

/** The stopwatch, the questions, the jots so far, what to know, and the line being written. */
function drawWatch(
  stage: FullScreen,
  { running, time, trouble }: Watching,
  { guide, question, kept, field }: WatchView,
): void {
  const width = contentWidth(stage.columns)
  const colour = running ? paint.good : paint.faint
  const head = stage.rows >= 10 ? [...inDigits(time).map(row => colour(row)), ''] : [time]
  const spare = stage.rows - head.length - 2 - LEAST_JOTS
  const stories = question ? storiesOf(guide, question) : []
  const asked = stories.map(each => `${labelFor(each)} ${each.text}`)
  const whole = asked.flatMap(text => wrapped(text, width))
  const questions = whole.length + 3 <= spare ? whole : asked.map(text => clip(text, width))
  const { label, place } = exampleFor(guide, stories[0]) ?? {}
  const where = asked.length > 0 ? label?.toUpperCase() : place
  const hint = clip(`Start with ${label} to file a jot under ${where}.`, width)
  if (questions.length + 3 <= spare) head.push(...(label ? [paint.faint(hint)] : []), ...questions, '')
  const room = Math.max(0, stage.rows - head.length - 2)
  const shown = kept.slice(Math.max(0, kept.length - room)).map(jot => clip(jot, width))
  const below = clip(
    trouble ? notSaved(trouble) : `Enter saves · Tab ${running ? 'pauses' : 'resumes'} · Esc done`,
    width,
  )
  const line = field.row(width - MARK.length)
  const gap = Array.from({ length: room - shown.length }, () => '')
  const rows = [...head, ...gap, ...shown, (trouble ? paint.warning : paint.faint)(below), MARK + line.text]
  stage.draw(rows, { row: rows.length - 1, column: MARK.length + line.caret })
}

function howTo(guide: Guide): string {
  const { label, place } = exampleFor(guide) ?? {}
  const filing = label ? ` Start it with a label, such as ${label}, to file it under ${place}.` : ''
  return `Start the video now. Each line is saved as a jot, with its time.${filing} A line with a single dot ends watching. :help lists the commands.`
}

function helpText(guide: Guide): string {
  const { label, place } = exampleFor(guide) ?? {}
  const filing = `${label} and some words`.padEnd(27)
  return `A line with a single dot   ends watching; the stopwatch stops
:pause                     pauses or resumes the stopwatch
:time                      what the stopwatch says
:set 4:20                  sets the stopwatch to the time of the video
${label ? `${filing}files the jot under ${place}, about the story\n` : ''}To start a jot with a colon, type two colons.`
}

const COMMANDS = ['pause', 'time', 'set', 'help', 'done', 'quit']

/** Watching in lines: every line is saved at once as a jot. The stopwatch resumes where it stopped. */
export function plainWatch(talk: Prompter, services: Services): Watch {
  const { say } = talk
  const watching = new Watching(services)
  return async ({ guide, question }) => {
    const typing = () => {
      const line = talk.unfinished()
      watching.hold(HALF_COMMAND.test(line) ? '' : line, question)
    }
    if (!watching.running) watching.toggle()
    say(`The stopwatch starts at ${watching.time}. ${howTo(guide)}`)
    let kept = 0
    for (let line = await talk.nextLine(typing); line; line = await talk.nextLine(typing)) {
      const said = line.text.trim()
      const [, name = '', argument = ''] = (!line.pasted && /^:([a-z]+)\s*(.*)$/.exec(said)) || []
      if ((said === '.' && !line.pasted) || name === 'done' || name === 'quit') break
      if (said === '') continue
      if (name === 'help') say(helpText(guide))
      else if (COMMANDS.includes(name)) say(obeyed(watching, name, argument))
      else {
        say(await keptWith(watching, guide, said.replace(/^::/, ':')))
        kept++
        watching.hold('', question)
        if (name !== '')
          say(
            `(There is no command ":${name}" here, so it was saved as a jot. ${nearCommand(name, COMMANDS)})`,
          )
      }
    }
    const unsaved = await watching.end()
    say(`The stopwatch stopped at ${watching.time}. ${jotCount(kept - unsaved.length)} saved.`)
    return unsaved
  }
}

/** Saves a line as a jot. @returns what to say. */
async function keptWith(watching: Watching, guide: Guide, said: string): Promise<string> {
  const jot = jotLine(guide, watching.minutes, said)
  await watching.keep(jot)
  const [{ question } = {}] = jotsIn(guide, jot)
  return watching.trouble
    ? notSaved(watching.trouble)
    : `Saved at ${watching.time}${question ? ` for ${labelFor(question)}` : ''}.`
}

/** Does what a command asks for. @returns what to say. */
function obeyed(watching: Watching, name: string, argument: string): string {
  if (name === 'pause') watching.toggle()
  const [, minutes, seconds] = /^(\d{1,3}):([0-5]\d)$/.exec(argument) ?? []
  if (name === 'set' && minutes === undefined) return 'Type minutes and seconds, such as :set 4:20.'
  if (name === 'set') watching.set(Number(minutes) + Number(seconds) / 60)
  return `The stopwatch ${name === 'set' ? 'is set to' : watching.running ? 'is running at' : 'is paused at'} ${watching.time}.`
}
