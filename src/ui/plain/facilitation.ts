import {
  type Capture,
  clockStatus,
  type FacilitationMove,
  type FacilitationUi,
  isClosed,
  type Room,
} from '../../domain/facilitation.ts'
import * as actions from '../facilitation-actions.ts'
import {
  type Asked,
  awayQuestion,
  carryOut,
  type Effect,
  type Leaf,
  type RoomUi,
  say,
  tell,
} from '../facilitation-effects.ts'
import * as told from '../facilitation-messages.ts'
import { nextCapture } from '../group-actions.ts'
import { HALF_COMMAND, KEPT, nearCommand } from '../messages.ts'
import type { FacilitationServices } from '../session-port.ts'
import { plainWatch, type Watch } from '../watch.ts'
import type { Line, Prompter } from './line-reader.ts'

const LOOK_MS = 1000

/**
 * Leading a room in lines of text alone. Nothing ticks: the time is told with each step, on :time, when a minute is
 * left and when none is.
 */
export class PlainFacilitation implements FacilitationUi, RoomUi {
  readonly #talk: Prompter
  readonly #services: FacilitationServices
  readonly #watch: Watch
  readonly #away: ReturnType<typeof awayQuestion>
  #room!: () => Room
  #looking: NodeJS.Timeout | undefined
  /** Whether a command is waited for. */
  #waiting = false
  /** Where the room was when it was last told. */
  #told = ''
  /** What was left of the step when it was last looked at, in minutes. */
  #left = 0
  /** A question that came up while a command was waited for. */
  #pending: Asked | undefined
  #last: Capture | undefined
  /** Whether that was just captured. */
  #wrote = false
  /** What Enter captures next. */
  #next: Effect
  /** A line that waits: a command given during a capture, or what was said when something else was asked. */
  #command = ''

  constructor(talk: Prompter, services: FacilitationServices) {
    this.#talk = talk
    this.#services = services
    this.#watch = plainWatch(talk, services)
    this.#away = awayQuestion(services)
  }

  async ask(room: () => Room): Promise<FacilitationMove> {
    this.#room = room
    this.#services.capturing = undefined
    this.#looking ??= setInterval(() => this.#look(), LOOK_MS)
    const rested = await carryOut(this.#away(room()), this)
    if (rested) return rested
    await this.#tellPlace()
    for (;;) {
      const move = await this.#nextMove()
      if (typeof move === 'object' && 'capture' in move) this.#begin(move.capture)
      if (move === 'leave') clearInterval(this.#looking)
      if (move) return move
    }
  }

  async #nextMove(): Promise<FacilitationMove | undefined> {
    const command = this.#command
    this.#command = ''
    if (command !== '') return this.#obey(command)
    this.#waiting = true
    const line = await this.#nextLine()
    this.#waiting = false
    if (!line) return 'leave'
    const pending = this.#pending
    this.#pending = undefined
    if (pending) {
      const chosen = pending.choices[Number(line.text) - 1]
      if (!chosen) this.#command = line.text
      return carryOut(chosen ? chosen.value : pending, this)
    }
    if (!line.pasted) return this.#obey(line.text)
    const text = await this.#wholePaste(line)
    return carryOut(actions.wordsEffect(text), this, text)
  }

  #begin(capture: Capture): void {
    this.#last = capture
    this.#wrote = true
    const now = actions.capturing(this.#room, this.#services, capture, line => {
      this.#command = line
    })
    this.#services.capturing = now
    this.say(`${now.heading()}.`)
  }

  /** What is typed may turn out to be what a group says. */
  #nextLine(): Promise<Line | undefined> {
    return this.#talk.nextLine(() => {
      const words = this.#talk.unfinished().replace(/^:(?:keep|note)\s+/, '')
      this.#services.saveScratch(HALF_COMMAND.test(words) ? '' : words)
    })
  }

  async #wholePaste(first: Line): Promise<string> {
    const lines = [first.text]
    for (let line: Line | undefined = first; line?.more; ) {
      line = await this.#nextLine()
      if (line) lines.push(line.text)
    }
    return lines.join('\n')
  }

  at(): told.AtRoom {
    const [services, last] = [this.#services, this.#last]
    return { room: this.#room(), services, last, now: services.now(), typed: true, named: word => `:${word}` }
  }

  say(...lines: readonly string[]): void {
    for (const line of lines) this.#talk.say(line)
  }

  tell(trouble: string): void {
    this.say(trouble)
  }

  async read(lines: readonly string[]): Promise<void> {
    this.say(...lines)
  }

  async choose({ ask, choices }: Asked, other: (line: string) => void): Promise<Effect> {
    const all = choices.some(({ value }) => value === undefined)
      ? choices
      : [...choices, { name: 'not now', value: undefined }]
    const between = all.some(({ name }) => name.length > 30) ? '\n' : undefined
    return this.#talk.choose(ask, all, between, line => {
      other(line)
      this.say(KEPT)
      return undefined
    })
  }

  async line(ask: string): Promise<string> {
    this.say(`${ask}:`)
    return (await this.#nextLine())?.text ?? ''
  }

  copy(lines: readonly string[]): Promise<void> {
    return this.read(lines)
  }

  show(leaf: Leaf): void {
    const { room, now } = this.at()
    const step = room.plan.steps[room.leading.at]
    if (leaf === 'opening') this.say(...told.openingText(this.at(), true))
    else if (leaf === 'say') this.say(...told.stepText(room, now))
    else if (step) this.say(...told.notesText(step))
  }

  watch(): Promise<string[]> {
    return this.#watch(this.#room().plan)
  }

  get #place(): string {
    const { leading, following } = this.#room()
    return `${leading.at} ${leading.startedAt !== undefined} ${following}`
  }

  /** A step is told when the room comes to it, and not again after every command. */
  async #tellPlace(): Promise<void> {
    const { room, now } = this.at()
    const before = this.#told
    this.#told = this.#place
    this.#left = clockStatus(room.leading, now).left
    const wrote = this.#wrote
    this.#wrote = false
    if (before === this.#told) return wrote ? this.#tellNext() : undefined
    this.#next = undefined
    this.say('', ...(room.following ? [told.refusal(this.at())] : []))
    if (isClosed(room.leading)) {
      await carryOut(
        tell(async () => told.closeText(room, now, await this.#services.given())),
        this,
      )
      this.say(':digest makes the digest of all groups and the brief summary. :quit leaves.')
    } else if (room.leading.startedAt === undefined)
      this.say(
        `${room.plan.title}.`,
        ...told.openingText(this.at(), false),
        'Enter starts the clock. :help lists the commands.',
      )
    else this.say(...(before ? [] : [told.returnText(room)]), ...told.stepText(room, now))
  }

  /** After a capture: where the room is, and which group comes next. */
  #tellNext(): void {
    const { room, now, last } = this.at()
    if (!last || isClosed(room.leading)) return
    const { choices, first } = nextCapture(this.at(), last)
    this.#next = room.groups.length > 1 ? first : undefined
    const group = choices.find(({ value }) => value === first)?.name
    this.say(
      told.backText(room, now),
      ...(this.#next ? [`Enter: ${group} next. :move moves that answer.`] : []),
    )
  }

  /** Tells when a minute is left and when none is, and what else happens while a command is waited for. */
  #look(): void {
    const { room, now } = this.at()
    const { left, running } = clockStatus(room.leading, now)
    const passed = (minutes: number) => running && this.#left > minutes && left <= minutes
    if (passed(0)) this.say('Time is up.')
    else if (passed(1)) this.say('One minute left in this step.')
    this.#left = left
    if (!this.#waiting || this.#pending) return
    if (this.#place !== this.#told) return void this.#tellPlace()
    this.#pending = this.#away(room)
    if (!this.#pending) return
    const { ask, choices } = this.#pending
    this.say(ask, choices.map(({ name }, i) => `${i + 1} ${name}`).join(' · '))
  }

  /** @returns the move that a line asks for. Any other line is what a group says. */
  #obey(line: string): Promise<FacilitationMove | undefined> {
    const said = line.trim()
    const next = this.#next
    this.#next = undefined
    if (said === '') return carryOut(next ?? actions.enterEffect(this.at()) ?? actions.TIME, this)
    if (!said.startsWith(':') || said.startsWith('::'))
      return carryOut(actions.wordsEffect(''), this, line.replace(/^::/, ':'))
    const [, word = '', argument = ''] = /^:(\S*)\s*(.*)$/s.exec(said) ?? []
    const action = actions.actionCalled(word)
    if (action) return carryOut({ act: action, argument }, this)
    return carryOut(say(`There is no command ":${word}". ${nearCommand(word, actions.WORDS)}`), this)
  }
}
