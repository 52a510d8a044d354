import type { WriteStream } from 'node:tty'
import { sentenceOf, stripControls } from '../../domain/errors.ts'
import {
  type Capture,
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
} from '../facilitation-effects.ts'
import type { AtRoom } from '../facilitation-messages.ts'
import { nextCapture } from '../group-actions.ts'
import type { FacilitationServices, GroupSummary } from '../session-port.ts'
import { terminalWatch, type Watch } from '../watch.ts'
import { roomScreen } from './facilitation-view.ts'
import { type Key, type Keyboard, type Live, untilAsked } from './keyboard.ts'
import { inRows } from './layout.ts'
import { openPager } from './reading.ts'
import { FullScreen } from './renderer.ts'
import { select } from './select.ts'
import { askLine } from './textarea.ts'

const INTERRUPTED = 'Everything is saved. Ctrl+C again leaves.'
/** Keys that turn the pages. The last two move where there is no more to see. */
const PAGES = new Map(
  Object.entries({ tab: 1, right: 1, 'shift+tab': -1, left: -1, pagedown: 1, pageup: -1 }),
)
const SAME_AS = new Map(Object.entries({ pagedown: 'n', pageup: 'u', f1: '?', 'ctrl+t': 'escape' }))

/** What a key asks for, and what it brings for a group to say. */
interface Asking {
  effect: Effect
  held?: string
}

/** Leading a room on a screen that is often on the wall: moved by single keys. */
export class TerminalFacilitation implements FacilitationUi, RoomUi {
  readonly #live: Live
  readonly #services: FacilitationServices
  readonly #stage: FullScreen
  readonly #watch: Watch
  readonly #remarks: string[]
  readonly #away: ReturnType<typeof awayQuestion>
  #room!: () => Room
  #leaf: Leaf | 'room' = 'room'
  #page = 0
  #pages = 1
  #notice = ''
  #at = -1
  #given: readonly GroupSummary[] = []
  #last: Capture | undefined
  /** What was captured just now. */
  #captured: Capture | undefined

  /** `remarks`: what the facilitator should know of before the room sees anything. */
  constructor(
    keyboard: Keyboard,
    screen: WriteStream,
    services: FacilitationServices,
    remarks: readonly string[],
  ) {
    this.#remarks = [...remarks]
    this.#services = services
    this.#stage = new FullScreen(screen)
    this.#live = { keyboard, stage: this.#stage, leaving: services.leaving }
    this.#watch = terminalWatch(this.#live, services)
    this.#away = awayQuestion(services)
  }

  async ask(room: () => Room): Promise<FacilitationMove> {
    this.#room = room
    this.#services.capturing = undefined
    this.#arrive()
    if (isClosed(room().leading)) await this.#gather()
    if (this.#remarks.length > 0) await this.read(this.#remarks.splice(0))
    let asking: Asking = { effect: this.#away(room()) ?? this.#afterCapture() }
    for (;;) {
      const move = await carryOut(asking.effect, this, asking.held)
      if (typeof move === 'object' && 'capture' in move) this.#begin(move.capture)
      if (move === 'leave') this.#stage.clear()
      if (move) return move
      asking = await this.#nextKey()
      this.#notice = ''
    }
  }

  /** The next step's room must not see the notes that were open in this one. */
  #arrive(): void {
    const { at } = this.#room().leading
    if (at !== this.#at) this.#turnTo('room')
    this.#at = at
  }

  /** A capture ends in the list of groups, where no stray letter moves a step. */
  #afterCapture(): Effect {
    const captured = this.#captured
    this.#captured = undefined
    return captured?.group && this.#room().groups.length > 1 ? nextCapture(this.at(), captured) : undefined
  }

  #begin(capture: Capture): void {
    this.#last = capture
    this.#captured = capture
    this.#stage.clear()
    this.#services.capturing = actions.capturing(this.#room, this.#services, capture, () => {})
  }

  tell(trouble: string): void {
    this.#notice = ''
    this.#captured = undefined
    this.#remarks.push(trouble)
  }

  at(): AtRoom {
    const [room, services] = [this.#room(), this.#services]
    const named = (word: string) => actions.actionCalled(word)?.key?.toUpperCase() ?? 'Esc'
    return { room, services, now: services.now(), last: this.#last, typed: false, named }
  }

  say(line: string): void {
    this.#notice = line
  }

  async read(lines: readonly string[]): Promise<void> {
    const render = async (columns: number) => inRows(stripControls(lines.join('\n')), columns)
    await openPager(this.#live, render, { back: 'to the room' })
    this.#stage.clear()
  }

  async choose({ ask, choices, first }: Asked): Promise<Effect> {
    this.#stage.clear()
    const chosen = await select(this.#live, { message: ask, choices, first })
    this.#stage.clear()
    return chosen
  }

  line(ask: string): Promise<string> {
    return askLine(this.#live, ask, this.#services.saveScratch)
  }

  /** Terminals that take it put the text on the clipboard (OSC 52); nobody can tell which do, so it is shown, too. */
  async copy(lines: readonly string[]): Promise<void> {
    const text = Buffer.from(stripControls(lines.join('\n'))).toString('base64')
    const takes = !/^(?:linux|vt|dumb)/.test(process.env.TERM ?? 'dumb')
    if (takes) this.#stage.screen.write(`\u001b]52;c;${text}\u0007`)
    const told = takes
      ? 'Copied, if this terminal allows it. If pasting gives nothing, select the text above.'
      : 'Select the text above to copy it.'
    await this.read([...lines, '', told])
  }

  show(leaf: Leaf): void {
    this.#turnTo(this.#leaf === leaf ? 'room' : leaf)
  }

  async watch(): Promise<string[]> {
    this.#stage.clear()
    return this.#watch(this.#room().plan).finally(() => this.#stage.clear())
  }

  #turnTo(leaf: Leaf | 'room'): void {
    this.#leaf = leaf
    this.#page = 0
  }

  /** Draws the room until a key or a gap in time asks for something. */
  #nextKey(): Promise<Asking> {
    const look = () => {
      this.#arrive()
      this.#draw()
      const effect = this.#away(this.#room())
      return effect && { effect }
    }
    const left = (): Asking => ({ effect: { move: 'leave' } })
    return untilAsked(this.#live, left, look, key => (this.#turned(key) ? undefined : this.#asking(key)))
  }

  #draw(): void {
    const { columns, rows } = this.#stage
    const place = { leaf: this.#leaf, page: this.#page, notice: this.#notice, given: this.#given }
    const drawn = roomScreen(this.at(), { columns, rows, ...place })
    this.#pages = drawn.pages
    this.#stage.draw(drawn.rows)
  }

  /** Turns the page, if the key does and there is one to turn to. */
  #turned(key: Key): boolean {
    const by = PAGES.get(key.kind === 'key' ? key.name : '')
    if (by === undefined || key.kind !== 'key') return false
    const page = this.#page + by
    if (SAME_AS.has(key.name) && (page < 0 || page >= this.#pages)) return false
    this.#page = (page + this.#pages) % this.#pages
    return true
  }

  /** What a key asks for; undefined if for nothing. Whatever is pasted is something that a group said. */
  #asking(key: Key): Asking | undefined {
    if (key.kind === 'paste') {
      const held = key.text.trimEnd()
      return held.trim() === '' ? undefined : { effect: actions.wordsEffect(held), held }
    }
    if (key.kind === 'text' && key.hurried) return undefined
    const pressed = key.kind === 'text' ? key.text.toLowerCase() : key.name
    const name = SAME_AS.get(pressed) ?? pressed
    const act = actions.actionAt(name)
    if (act) return { effect: { act } }
    if (name === 'escape') return { effect: actions.menuAt(this.at()) }
    if (name === 'enter') return { effect: actions.enterEffect(this.at()) }
    return name === 'ctrl+c' ? { effect: this.#interrupted() } : undefined
  }

  #interrupted(): Effect {
    if (this.#notice !== INTERRUPTED) return say(INTERRUPTED)
    this.#services.stop(130)
    return { move: 'leave' }
  }

  /** What the groups have given. A file that can't be read is no reason to leave the room. */
  async #gather(): Promise<void> {
    try {
      this.#given = await this.#services.given()
    } catch (error) {
      this.#notice = sentenceOf(error)
    }
  }
}
