import type { WriteStream } from 'node:tty'
import { sentenceOf, stripControls } from '../../domain/errors.ts'
import {
  type Capture,
  type FacilitationMove,
  type FacilitationUi,
  isClosed,
  type Room,
} from '../../domain/facilitation.ts'
import { capitalized } from '../../domain/guide.ts'
import {
  type Asked,
  actionAt,
  actionCalled,
  awayEffect,
  CAPTURE,
  carryOut,
  type Effect,
  enterEffect,
  type Leaf,
  menuAt,
  type RoomUi,
} from '../facilitation-actions.ts'
import type { AtRoom } from '../facilitation-messages.ts'
import type { FacilitationServices, GroupSummary } from '../session-port.ts'
import { terminalWatch, type Watch } from '../watch.ts'
import { roomRows } from './facilitation-view.ts'
import type { Key, Keyboard } from './keyboard.ts'
import { inRows } from './layout.ts'
import { FullScreen } from './renderer.ts'
import { select } from './select.ts'

const INTERRUPTED = 'Everything is saved. Ctrl+C again leaves.'
/** Keys that turn the pages of what stands there. */
const PAGES = new Map([
  ['tab', 1],
  ['right', 1],
  ['shift+tab', -1],
  ['left', -1],
])
/** Keys without a letter, by the letter that does the same. */
const SAME_AS = new Map([
  ['pagedown', 'n'],
  ['pageup', 'u'],
  ['+', 'm'],
])

/** What a key asks for, and what it brings for a group to say. */
interface Asking {
  effect: Effect
  held?: string
}

/** Leading a room on a screen that is often on the wall: moved by single keys. */
export class TerminalFacilitation implements FacilitationUi, RoomUi {
  readonly #keyboard: Keyboard
  readonly #screen: WriteStream
  readonly #services: FacilitationServices
  readonly #stage: FullScreen
  readonly #watch: Watch
  readonly #remarks: string[]
  #room!: Room
  #leaf: Leaf | 'room' = 'room'
  #page = 0
  #notice = ''
  #at = -1
  #given: readonly GroupSummary[] = []
  /** Keys that came while the session was being written down. */
  #early: Key[] = []

  /** `remarks`: what the facilitator should know of before the room sees anything. */
  constructor(
    keyboard: Keyboard,
    screen: WriteStream,
    services: FacilitationServices,
    remarks: readonly string[],
  ) {
    this.#remarks = [...remarks]
    this.#keyboard = keyboard
    this.#screen = screen
    this.#services = services
    this.#stage = new FullScreen(screen)
    this.#watch = terminalWatch(keyboard, screen, services)
  }

  async ask(room: Room): Promise<FacilitationMove> {
    this.#room = room
    // The next step's room must not see the notes that were open in this one.
    if (room.leading.at !== this.#at) this.#turnTo('room')
    this.#at = room.leading.at
    if (isClosed(room.leading)) await this.#gather()
    if (this.#remarks.length > 0) await this.read(this.#remarks.splice(0))
    let asking: Asking = { effect: room.away ? awayEffect(room.away) : undefined }
    for (;;) {
      const move = await carryOut(asking.effect, this, asking.held)
      if (typeof move === 'object' && 'capture' in move) this.#begin(move.capture)
      if (move === 'leave') this.#stage.clear()
      if (move) return move
      asking = await this.#nextKey()
      this.#notice = ''
    }
  }

  #begin({ group }: Capture): void {
    this.#stage.clear()
    if (group) this.#screen.write(`${stripControls(group.label)}\n\n`)
    this.#notice = `Back from ${group?.label ?? 'writing'}. Everything written is saved.`
  }

  tell(trouble: string): void {
    this.#notice = ''
    this.#remarks.push(trouble)
  }

  at(): AtRoom {
    const [room, services] = [this.#room, this.#services]
    const named = (word: string) => actionCalled(word)?.key?.toUpperCase() ?? 'Esc'
    return { room, services, now: services.clock(), named }
  }

  say(line: string): void {
    this.#notice = line
  }

  async read(lines: readonly string[]): Promise<void> {
    const text = inRows(stripControls(lines.join('\n')), this.#stage.columns)
    await this.#select({ ask: 'Done?', choices: [{ name: 'back to the room', value: undefined }] }, text)
  }

  choose(asked: Asked): Promise<Effect> {
    return this.#select(asked)
  }

  async #select({ ask, choices, first }: Asked, above = ''): Promise<Effect> {
    this.#stage.clear()
    if (above !== '') this.#screen.write(`${above}\n`)
    const chosen = await select(this.#keyboard, this.#screen, {
      message: ask,
      choices: choices.map(choice => ({ ...choice, name: capitalized(choice.name) })),
      first,
      leaving: this.#services.leaving,
    })
    this.#stage.clear()
    return chosen
  }

  show(leaf: Leaf): void {
    this.#turnTo(this.#leaf === leaf ? 'room' : leaf)
  }

  async watch(): Promise<string[]> {
    this.#stage.clear()
    return this.#watch(this.#room.plan).finally(() => this.#stage.clear())
  }

  #turnTo(leaf: Leaf | 'room'): void {
    this.#leaf = leaf
    this.#page = 0
  }

  /** Draws the room, four times a second, until a key asks for something. */
  #nextKey(): Promise<Asking> {
    const { leaving } = this.#services
    return new Promise(resolve => {
      const draw = () => this.#stage.draw(this.#rows())
      const ticking = setInterval(draw, 250)
      const off = this.#stage.onResize(draw)
      let ended = false
      const done = (asking: Asking) => {
        ended = true
        clearInterval(ticking)
        off()
        this.#keyboard.listen(key => void this.#early.push(key))
        leaving.removeEventListener('abort', leave)
        resolve(asking)
      }
      const leave = () => done({ effect: { move: 'leave' } })
      leaving.addEventListener('abort', leave)
      if (leaving.aborted) return leave()
      const press = (key: Key) => {
        const pages = PAGES.get(key.kind === 'key' ? key.name : '') ?? 0
        this.#page += pages
        const asking = this.#asking(key)
        if (asking) done(asking)
        else if (pages !== 0) draw()
      }
      draw()
      this.#keyboard.listen(press)
      const early = this.#early.splice(0)
      while (early.length > 0 && !ended) press(early.shift() as Key)
      this.#early.unshift(...early)
    })
  }

  #rows(): string[] {
    const { columns, rows } = this.#stage
    return roomRows(this.at(), {
      ...{ columns, rows, leaf: this.#leaf, page: this.#page, notice: this.#notice, given: this.#given },
    })
  }

  /** What a key asks for; undefined if for nothing. Whatever is pasted is something that a group said. */
  #asking(key: Key): Asking | undefined {
    if (key.kind === 'paste')
      return key.text.trim() === '' ? undefined : { effect: CAPTURE, held: key.text.trimEnd() }
    if (key.kind === 'text' && key.hurried) return undefined
    const name = key.kind === 'text' ? key.text.toLowerCase() : key.name
    const act = actionAt(SAME_AS.get(name) ?? name)
    if (act) return { effect: { act } }
    if (name === 'escape') return { effect: menuAt(this.at()) }
    if (name === 'enter') return { effect: enterEffect(this.at()) }
    return name === 'ctrl+c' ? { effect: this.#interrupted() } : undefined
  }

  #interrupted(): Effect {
    if (this.#notice !== INTERRUPTED) return { say: INTERRUPTED }
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
