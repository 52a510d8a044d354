import { didYouMean } from '../../domain/errors.ts'
import {
  type Capture,
  clockStatus,
  type FacilitationMove,
  type FacilitationUi,
  isClosed,
  MINUTE,
  type Room,
} from '../../domain/facilitation.ts'
import {
  type Asked,
  actionCalled,
  awayEffect,
  CAPTURE,
  carryOut,
  type Effect,
  enterEffect,
  type Leaf,
  type RoomUi,
  TIME,
  WORDS,
} from '../facilitation-actions.ts'
import * as told from '../facilitation-messages.ts'
import type { FacilitationServices } from '../session-port.ts'
import { plainWatch, type Watch } from '../watch.ts'
import type { Line } from './line-reader.ts'
import type { Prompter } from './prompter.ts'

/**
 * Leading a room in lines of text alone. Nothing ticks: the time is told with each step, on :time, when a minute is
 * left and when none is.
 */
export class PlainFacilitation implements FacilitationUi, RoomUi {
  readonly #talk: Prompter
  readonly #services: FacilitationServices
  readonly #watch: Watch
  #room!: Room
  /** Where the room was when it was last told. */
  #told = ''
  #wrote = false

  constructor(talk: Prompter, services: FacilitationServices) {
    this.#talk = talk
    this.#services = services
    this.#watch = plainWatch(talk, services)
  }

  async ask(room: Room): Promise<FacilitationMove> {
    this.#room = room
    const rested = room.away && (await carryOut(awayEffect(room.away), this))
    if (rested) return rested
    await this.#tellPlace()
    for (;;) {
      const silence = this.#announce()
      const line = await this.#nextLine().finally(silence)
      if (!line) return 'leave'
      const move = line.pasted
        ? await carryOut(CAPTURE, this, await this.#wholePaste(line))
        : await this.#obey(line.text)
      if (typeof move === 'object' && 'capture' in move) this.#begin(move.capture)
      if (move) return move
    }
  }

  #begin({ group }: Capture): void {
    this.#wrote = true
    if (group) this.say(`For ${group.label}:`)
  }

  /** What is typed may turn out to be what a group says. */
  #nextLine(): Promise<Line | undefined> {
    return this.#talk.nextLine(() => {
      const line = this.#talk.unfinished()
      this.#services.saveScratch(/^\s*:/.test(line) ? '' : line)
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
    const [room, services] = [this.#room, this.#services]
    return { room, services, now: services.clock(), named: word => `:${word}` }
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

  async choose({ ask, choices, hint }: Asked, other: (line: string) => void): Promise<Effect> {
    if (hint) {
      this.say(...choices.map(({ name }, i) => `${i + 1} ${name}`), hint)
      return undefined
    }
    this.say(ask)
    const all = choices.some(({ value }) => value === undefined)
      ? choices
      : [...choices, { name: 'not now', value: undefined }]
    const between = all.some(({ name }) => name.length > 30) ? '\n' : undefined
    return this.#talk.choose(all, between, line => {
      other(line)
      this.say('That is kept with it.')
    })
  }

  show(leaf: Leaf): void {
    const { plan, leading } = this.#room
    const step = plan.steps[leading.at]
    if (leaf === 'opening') this.say(...told.openingText(this.at()))
    else if (leaf === 'say') this.say(...told.stepText(this.#room, this.#services.clock()))
    else if (step) this.say(...told.notesText(step))
  }

  watch(): Promise<string[]> {
    return this.#watch(this.#room.plan)
  }

  /** A step is told when the room comes to it, and not again after every command. */
  async #tellPlace(): Promise<void> {
    const room = this.#room
    const { at, startedAt } = room.leading
    const [before, now] = [this.#told, `${at} ${startedAt !== undefined}`]
    const clock = this.#services.clock()
    const wrote = this.#wrote && !isClosed(room.leading)
    this.#told = now
    this.#wrote = false
    if (before === now) {
      if (wrote) this.say(told.backText(room, clock))
      return
    }
    this.say('')
    if (isClosed(room.leading)) {
      this.say(...told.closeText(room, clock))
      const given = () => this.#services.given().then(told.summaryText)
      await carryOut({ tell: given }, this)
      this.say(':digest makes the digest of all groups and the brief summary. :quit leaves.')
    } else if (startedAt === undefined)
      this.say(
        `${room.plan.title}.`,
        ...told.openingText(this.at()),
        told.LARGER,
        'Enter starts the clock. :help lists the commands.',
      )
    else this.say(...(before ? [] : [told.returnText(room)]), ...told.stepText(room, clock))
  }

  /** A minute before the end of a step and at its end; never while somebody writes. */
  #announce(): () => void {
    const { left, running } = clockStatus(this.#room.leading, this.#services.clock())
    const after = (minutes: number, text: string) =>
      running && minutes > 0 ? [setTimeout(() => this.say(text), minutes * MINUTE)] : []
    const timers = [...after(left - 1, 'One minute left in this step.'), ...after(left, 'Time is up.')]
    return () => timers.forEach(clearTimeout)
  }

  /** @returns the move that a line asks for. What is no command is taken as what a group says. */
  #obey(line: string): Promise<FacilitationMove | undefined> {
    const said = line.trim()
    if (said === '') return carryOut(enterEffect(this.at()) ?? TIME, this)
    if (!said.startsWith(':') || said.startsWith('::'))
      return carryOut(CAPTURE, this, line.replace(/^::/, ':'))
    const [, word = '', argument = ''] = /^:(\S*)\s*(.*)$/.exec(said) ?? []
    const action = actionCalled(word)
    if (action) return carryOut({ act: action, argument }, this)
    const near = didYouMean(word, WORDS).replace('"', '":')
    return carryOut({ say: `There is no command ":${word}". ${near || ':help lists them.'}` }, this)
  }
}
