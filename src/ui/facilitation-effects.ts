import { jotLine } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import type { Capture, FacilitationMove, Room } from '../domain/facilitation.ts'
import { isClosed, MINUTE, minutesRun } from '../domain/room-clock.ts'
import { type AtRoom, longTime, refusal } from './facilitation-messages.ts'
import type { FacilitationServices } from './session-port.ts'
import type { Choice } from './terminal/select.ts'

/* What an action of a facilitator leads to, and how a UI carries it out. */

/** A part of the plan that the screen shows in place of the questions. */
export type Leaf = 'say' | 'notes' | 'opening'

export interface Asked {
  ask: string
  choices: readonly Choice<Effect>[]
  first?: Effect
}

/** What the UI has to do for an action. */
export type Effect =
  | { move: FacilitationMove; say?: string }
  | { capture: Omit<Capture, 'text'> }
  | Asked
  /** Asks for one line of text; an empty one does nothing. */
  | { line: string; next: (text: string) => Effect }
  /** In a few words. */
  | { say: string }
  /** Something to read. */
  | { tell: () => readonly string[] | Promise<readonly string[]> }
  | { copy: string[] }
  /** Saves notes of the room. */
  | { note: readonly string[] }
  | { leaf: Leaf }
  | { run: 'watch' }
  | { act: RoomAction; argument?: string }
  | undefined

export interface RoomAction {
  /** The word that asks for it in plain lines, after a colon. */
  word: string
  /** The key that asks for it on a screen; an action without one is in the menu. */
  key?: string
  /** What may follow the word, as help shows it. */
  takes?: string
  /** What it does, in the menu and in help. */
  about: string
  /** `started`: offered once the clock was started; `open`: until the close; `following`: while another window leads. */
  needs?: 'started' | 'open' | 'following'
  /** Whether it changes nothing, so that it is offered while another window leads. */
  reads?: true
  effect: (at: AtRoom, argument: string) => Effect
}

export const fits = ({ needs, reads }: RoomAction, { leading, following }: Room) =>
  following
    ? reads === true || needs === 'following'
    : needs === undefined ||
      (needs !== 'following' &&
        leading.startedAt !== undefined &&
        (needs === 'started' || !isClosed(leading)))

/** Time in which the program was closed or the computer slept while the room's clock ran. */
export class AwayTime {
  readonly #services: FacilitationServices
  #asked = 0

  constructor(services: FacilitationServices) {
    this.#services = services
  }

  /** Whether the room was working meanwhile: a question that is asked once. */
  question({ leading, following }: Room): Asked | undefined {
    const before = this.#asked
    this.#asked = this.#services.away()
    const minutes = (this.#asked - before) / MINUTE
    if (minutes <= 1 || leading.since === undefined || following) return undefined
    return {
      ask: `The program was closed or asleep for ${longTime(minutes)}. Was the room working?`,
      choices: [
        { name: 'yes: count the time', value: undefined },
        { name: "no, it was a break: don't count it", value: { move: { break: minutes } } },
      ],
    }
  }
}

/** How a UI carries out effects. */
export interface RoomUi {
  at(): AtRoom
  say(line: string): void
  /** Shows what may be longer than a screen, until it is read. */
  read(lines: readonly string[]): Promise<void>
  /** `other`: takes what is said that is no choice. @returns undefined if nothing is to happen. */
  choose(asked: Asked, other: (line: string) => void): Promise<Effect>
  /** Asks for one line of text; empty if nothing is to happen. */
  line(ask: string): Promise<string>
  copy(lines: readonly string[]): Promise<void>
  show(leaf: Leaf): void
  watch(): Promise<string[]>
}

/**
 * Carries out an effect to its end. What a group has said already (`held`), or says meanwhile, is held, and said back
 * if it has no place in the end.
 * @returns the move it leads to, if it leads to one.
 */
export async function carryOut(effect: Effect, ui: RoomUi, held = ''): Promise<FacilitationMove | undefined> {
  const at = ui.at()
  const { saveScratch, leaving } = at.services
  if (!effect) {
    // Words of somebody who is made to leave are there at the next start.
    if (held === '' || leaving.aborted) return undefined
    saveScratch('')
    ui.say(`Not saved: ${held}`)
  } else if ('act' in effect) {
    const { act, argument = '' } = effect
    return carryOut(fits(act, at.room) ? act.effect(at, argument) : { say: refusal(at) }, ui, held)
  } else if ('ask' in effect) {
    let words = held
    if (words !== '') saveScratch(words)
    const chosen = await ui.choose(effect, line => {
      words = words === '' ? line : `${words}\n${line}`
      saveScratch(words)
    })
    return carryOut(chosen, ui, words)
  } else if ('line' in effect) {
    const text = (await ui.line(effect.line)).trim()
    return carryOut(text === '' ? undefined : effect.next(text), ui)
  } else if ('capture' in effect) return { capture: { ...effect.capture, text: held } }
  else if ('move' in effect) {
    if (effect.say) ui.say(effect.say)
    return effect.move
  } else if ('say' in effect) ui.say(effect.say)
  else if ('leaf' in effect) ui.show(effect.leaf)
  else await carryOutSlowly(effect, ui)
  return undefined
}

type Slow = Extract<Effect, { tell: unknown } | { copy: unknown } | { note: unknown } | { run: unknown }>

/** What reads or writes files. One that can't be read or written is no reason to leave the room. */
async function carryOutSlowly(effect: Slow, ui: RoomUi): Promise<void> {
  try {
    if ('tell' in effect) await ui.read(await effect.tell())
    else if ('copy' in effect) await ui.copy(effect.copy)
    else if ('note' in effect) await takeNotes(effect.note, ui)
    else {
      const unsaved = await ui.watch()
      if (unsaved.length > 0) await ui.read(['These could not be saved everywhere:', ...unsaved])
    }
  } catch (error) {
    await ui.read([sentenceOf(error)])
  }
}

async function takeNotes(notes: readonly string[], ui: RoomUi): Promise<void> {
  const { room, now, services } = ui.at()
  for (const note of notes) {
    services.saveScratch(note)
    await services.roomNote(jotLine(room.plan.guide, minutesRun(room.leading, now), note))
  }
  services.saveScratch('')
  ui.say(notes.length === 1 ? 'Kept as a room note.' : `Kept as ${notes.length} room notes.`)
}
