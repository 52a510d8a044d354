import { jotLine } from '../domain/answers.ts'
import { sentenceOf } from '../domain/errors.ts'
import {
  type Capture,
  type FacilitationMove,
  isClosed,
  MINUTE,
  minutesRun,
  type Room,
} from '../domain/facilitation.ts'
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
  /** Saves notes of the room. */
  | { note: readonly string[] }
  /** Says or shows something. What can't be read or written is told: no reason to leave the room. */
  | { run: (ui: RoomUi) => unknown }
  | { act: RoomAction; argument?: string }
  | undefined

export const say = (text: string): Effect => ({ run: ui => ui.say(text) })
export const tell = (lines: () => readonly string[] | Promise<readonly string[]>): Effect => ({
  run: async ui => ui.read(await lines()),
})

export const choice = (name: string, value: Effect): Choice<Effect> => ({ name, value })
/** Asks once more; Enter alone changes nothing. */
export const confirmed = (ask: string, stay: string, go: string, effect: Effect): Asked => ({
  ask,
  choices: [choice(stay, undefined), choice(go, effect)],
})

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

/** Asks, once for each time that the program was closed or the computer slept, whether the room was working. */
export function awayQuestion({ away }: FacilitationServices) {
  let asked = 0
  return ({ leading, following }: Room): Asked | undefined => {
    const before = asked
    asked = away()
    const minutes = (asked - before) / MINUTE
    if (minutes <= 1 || leading.since === undefined || following) return undefined
    return {
      ask: `The program was closed or asleep for ${longTime(minutes)}. Was the room working?`,
      choices: [
        choice('yes: count the time', undefined),
        choice("no, it was a break: don't count it", { move: { break: minutes } }),
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
  if (effect && 'act' in effect) {
    const { act, argument = '' } = effect
    return carryOut(fits(act, at.room) ? act.effect(at, argument) : say(refusal(at)), ui, held)
  }
  if (effect && 'ask' in effect) {
    let words = held
    if (words !== '') saveScratch(words)
    const chosen = await ui.choose(effect, line => {
      words = words === '' ? line : `${words}\n${line}`
      saveScratch(words)
    })
    return carryOut(chosen, ui, words)
  }
  if (effect && 'capture' in effect) return { capture: { ...effect.capture, text: held } }
  const move = await carriedOut(effect, ui)
  // Words of somebody who is made to leave are there at the next start.
  if (held === '' || leaving.aborted || (effect && 'note' in effect)) return move
  saveScratch('')
  await ui.read([`Not saved: ${held}`])
  return move
}

/** Carries out what takes no words. */
async function carriedOut(
  effect: Exclude<Effect, { act: unknown } | Asked | { capture: unknown }>,
  ui: RoomUi,
): Promise<FacilitationMove | undefined> {
  if (effect && 'move' in effect) {
    if (effect.say) ui.say(effect.say)
    return effect.move
  }
  try {
    if (effect && 'line' in effect) {
      const text = (await ui.line(effect.line)).trim()
      return text === '' ? undefined : carryOut(effect.next(text), ui)
    }
    if (effect && 'note' in effect) await takeNotes(effect.note, ui)
    else await effect?.run(ui)
  } catch (error) {
    await ui.read([sentenceOf(error)])
  }
  return undefined
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
